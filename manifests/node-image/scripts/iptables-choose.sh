#!/bin/sh
# Stands in for every iptables name in kube-proxy's image. On first use it asks which of the kernel's two rule sets the
# kubelet of this node writes to (by its hint chain) and links the names to that one for good.
mode=nft
case $(/usr/sbin/iptables-nft-save -t mangle 2>/dev/null) in
  *KUBE-IPTABLES-HINT*) ;;
  *) case $(/usr/sbin/iptables-legacy-save -t mangle 2>/dev/null) in *KUBE-IPTABLES-HINT*) mode=legacy ;; esac ;;
esac
real() {
  case $1 in
    ip6tables*) echo "ip6tables-$mode${1#ip6tables}" ;;
    *) echo "iptables-$mode${1#iptables}" ;;
  esac
}
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  /usr/bin/busybox ln -sf "$(real "$name")" "/usr/sbin/$name"
done
exec "/usr/sbin/$(real "${0##*/}")" "$@"
