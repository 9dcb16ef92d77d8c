#!/bin/sh
# Installs the dependencies and compiles, each only when it is out of date.
set -eu
cd -- "$(dirname -- "$0")/.."

say() { printf '%s\n' "$*" >&2; }

command -v node >/dev/null 2>&1 || {
  say "labs needs Node 20.19 or newer."
  exit 3
}

# A linked node_modules belongs to somebody else and is taken as it is.
if [ ! -L node_modules ]; then
  lock=$(cksum <package-lock.json)
  if [ "$(cat node_modules/.labs-lock 2>/dev/null || true)" != "$lock" ]; then
    if [ ! -f node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
      say "Installing dependencies (npm ci)"
      npm ci --no-audit --no-fund --loglevel=error >&2 || exit 3
    fi
    printf '%s\n' "$lock" >node_modules/.labs-lock
  fi
fi

if [ ! -f dist/engine.json ] || [ ! -f dist/.built ] || [ -n "$(find src go-app manifests scripts/engine-parts.mjs package.json tsconfig.json tsconfig.build.json node_modules/.package-lock.json -not -path "go-app/prebuilt*" -newer dist/.built 2>/dev/null | head -n 1)" ]; then
  say "Compiling"
  # The stamp is as old as the start, so that a file saved meanwhile is compiled next time.
  mkdir -p dist
  : >dist/.building
  node_modules/.bin/tsc -p tsconfig.build.json >&2 || exit 3
  node scripts/engine-parts.mjs || exit 3
  chmod +x dist/main.js 2>/dev/null || true
  mv dist/.building dist/.built
fi
