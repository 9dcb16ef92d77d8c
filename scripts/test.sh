#!/bin/sh
# `npm test`: the same set-up as the first command of README, then every test, then one line of totals.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
sh "$root/scripts/bootstrap.sh" --yes
sh "$root/scripts/build.sh"
cd "$root"
exec npx zx scripts/test.mjs "$@"
