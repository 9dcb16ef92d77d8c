#!/bin/bash
# Runs inside the base image, as kind does it: containerd takes the images in, unpacked later on each node.
# Arguments: pairs of the name in the archive and the name that pods ask for.
set -euo pipefail
containerd >/tmp/containerd.log 2>&1 &
daemon=$!
for _ in $(seq 1 300); do
  if [ -S /run/containerd/containerd.sock ] && ctr version >/dev/null 2>&1; then break; fi
  sleep 0.1
done
ctr version >/dev/null || { cat /tmp/containerd.log >&2; exit 1; }
images() { ctr --namespace=k8s.io images "$@"; }
images import --label=io.cri-containerd.pinned=pinned --all-platforms --no-unpack --digests /images.tar
while [ $# -gt 0 ]; do
  images tag --force "$1" "$2"
  images rm "$1"
  shift 2
done
# The archive as a whole got a name of its own.
for archive in $(images list -q | grep '^import-' || true); do images rm "$archive"; done
images list -q
kill "$daemon"
wait "$daemon" || true
rm -rf /images.tar /recipe /tmp/* /run/containerd
