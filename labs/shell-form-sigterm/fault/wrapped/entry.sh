#!/bin/sh
# Makes a place for temporary files, says where the service will listen, and runs it.
set -eu

export TMPDIR="${TMPDIR:-/tmp/web}"
mkdir -p "$TMPDIR"
echo "web: port ${PORT}, temporary files in ${TMPDIR}"

/app "$@"
