#!/bin/sh
# An OCI runtime in front of runc, for hosts whose bounding set lacks CAP_SYS_RESOURCE: a container that asks for it
# (every --privileged one does) would fail with "unable to apply caps". Takes it out of the request, changes nothing else.
# Installed by labs (scripts/bootstrap.sh) as the engine's default runtime.
set -eu

without() { # <file> <path of the object that holds the capability lists>
  [ -f "$1" ] || return 0
  # Written in place: mode and owner of the file stay as the engine made them.
  changed=$(jq -c "if $2 then $2 |= map_values(if type == \"array\" then map(select(. != \"CAP_SYS_RESOURCE\")) else . end) else . end" "$1")
  printf '%s\n' "$changed" >"$1"
}

command='' bundle='' process='' wanted=''
for argument in "$@"; do
  case $wanted in
    bundle) bundle=$argument wanted='' && continue ;;
    process) process=$argument wanted='' && continue ;;
    other) wanted='' && continue ;;
  esac
  case $argument in
    --bundle=* | -b=*) bundle=${argument#*=} ;;
    --process=* | -p=*) process=${argument#*=} ;;
    # runc spells "--pid-file" and others with a value after them; only `create`, `run` and `exec` matter here.
    --bundle | -b) wanted=bundle ;;
    --process | -p) wanted=process ;;
    --root | --log | --log-format | --criu | --rootless | --pid-file | --console-socket | --preserve-fds) wanted=other ;;
    -*) ;;
    *) [ -n "$command" ] || command=$argument ;;
  esac
done

case $command in
  create | run) without "${bundle:-.}/config.json" .process.capabilities ;;
  exec) [ -z "$process" ] || without "$process" .capabilities ;;
esac

exec "${LABS_RUNC:-runc}" "$@"
