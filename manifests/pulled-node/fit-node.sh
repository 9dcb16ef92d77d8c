#!/bin/sh
# Runs inside a pulled node image that was checked: puts our network unit in, and settings that need no CAP_SYS_RESOURCE,
# as manifests/node-image/scripts/finish-root.sh does it for the image that is built.
set -eu
cd /recipe/overlay
find . -type f | while read -r file; do
  case $file in
    ./usr/local/bin/*) mode=755 ;;
    *) mode=644 ;;
  esac
  install -D -m "$mode" "$file" "/$file"
done
systemctl enable labs-network.service
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
jq '.process.capabilities |= map_values(map(select(. != "CAP_SYS_RESOURCE")))' /etc/containerd/cri-base.json >/recipe/cri-base.json
cat /recipe/cri-base.json >/etc/containerd/cri-base.json
