#!/bin/sh
# Runs inside the Debian root: what kind's images/base/Dockerfile does to make a node of it, plus our network unit.
set -eu
# Files out of Go's module cache are read-only.
find /etc /kind -xdev -type f -perm 0444 -exec chmod 644 {} +
chmod 755 /kind /kind/bin /kind/bin/*.sh /usr/local/bin/* /opt/cni/bin/*
find /lib/systemd/system/sysinit.target.wants/ -name systemd-tmpfiles-setup.service -delete
rm -f /lib/systemd/system/multi-user.target.wants/* /etc/systemd/system/*.wants/* \
  /lib/systemd/system/local-fs.target.wants/* /lib/systemd/system/sockets.target.wants/*udev* \
  /lib/systemd/system/sockets.target.wants/*initctl* /lib/systemd/system/basic.target.wants/*
echo "ReadKMsg=no" >>/etc/systemd/journald.conf
[ -e /sbin/init ] || ln -s /usr/lib/systemd/systemd /sbin/init
systemctl enable kubelet.service containerd.service undo-mount-hacks.service labs-network.service
systemctl mask systemd-binfmt.service
mkdir -p /etc/kubernetes/manifests
# Without CAP_SYS_RESOURCE nothing may lower its score; with it this changes no value that the kubelet asks for.
sed -i 's/restrict_oom_score_adj = false/restrict_oom_score_adj = true/' /etc/containerd/config.toml
ctr oci spec | jq '.hooks.createContainer += [{"path": "/kind/bin/mount-product-files.sh"}]
  | del(.process.rlimits)
  | .process.capabilities |= map_values(map(select(. != "CAP_SYS_RESOURCE")))' >/etc/containerd/cri-base.json
rm -f /etc/machine-id
