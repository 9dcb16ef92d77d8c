#!/bin/sh
# `npm run labs -- …` in a checkout: makes ready what the command needs, then runs it. Costs next to nothing when all is there.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)

# Only these may install an engine on the host; --help never does.
needs_engine=no
yes=''
case ${1:-} in start | setup | prove) needs_engine=yes ;; esac
for argument in "$@"; do
  case $argument in
    --help | -h) needs_engine=no ;;
    --yes | -y) yes=--yes ;;
  esac
done
[ $needs_engine = no ] || sh "$root/scripts/bootstrap.sh" $yes

sh "$root/scripts/build.sh"
export LABS_PROGRAM="npm run labs --"
exec node "$root/dist/main.js" "$@"
