#!/bin/sh
# Runs inside a pulled node image: has it what the pod network of labs is made with? Where it has not, one sentence tells what is missing.
set -eu
unfit() {
  echo "unfit: $1"
  exit 1
}
for program in bash ip iptables awk systemctl jq ctr pgrep kubeadm kubectl; do
  command -v "$program" >/dev/null || unfit "it has no program $program"
done
for plugin in ptp host-local portmap loopback; do
  [ -x "/opt/cni/bin/$plugin" ] || unfit "it has no network plugin $plugin in /opt/cni/bin"
done
for file in /kind/version /kind/manifests/default-storage.yaml /etc/containerd/config.toml /etc/containerd/cri-base.json; do
  [ -f "$file" ] || unfit "it has no file $file"
done
wanted=$(cat /recipe/kubernetes)
case $(cat /kind/version) in
  "$wanted".*) ;;
  *) unfit "it is Kubernetes $(cat /kind/version), and labs are made for $wanted" ;;
esac
