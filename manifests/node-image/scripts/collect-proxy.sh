#!/bin/sh
# Runs inside the Debian root: gathers under /proxy what kube-proxy calls, with every library it loads.
set -eu
mkdir -p /proxy/usr/sbin /proxy/usr/bin /proxy/usr/lib /proxy/usr/lib64 /proxy/etc /proxy/run /proxy/tmp /proxy/var/lib
for link in bin sbin lib lib64; do [ ! -L "/$link" ] || cp -a "/$link" "/proxy/$link"; done
put() { mkdir -p "/proxy$(dirname "$1")" && cp -aL "$1" "/proxy$1"; }
libraries() { ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | sort -u; }
for program in /usr/sbin/xtables-nft-multi /usr/sbin/xtables-legacy-multi /usr/sbin/nft /usr/sbin/conntrack /usr/bin/kmod /usr/bin/busybox; do
  [ -e "$program" ] || continue
  put "$program"
  for library in $(libraries "$program"); do put "$library"; done
done
plugins=$(dirname "$(find /usr/lib -name 'libxt_statistic.so' | head -n 1)")
mkdir -p "/proxy$plugins"
cp -a "$plugins/." "/proxy$plugins/"
for plugin in "$plugins"/*.so; do libraries "$plugin"; done | sort -u | while read -r library; do put "$library"; done
for multi in nft legacy; do
  for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
    ln -sf "xtables-$multi-multi" "/proxy/usr/sbin/$(echo "$name" | sed "s/tables/tables-$multi/")"
  done
done
install -m 755 /recipe/iptables-choose.sh /proxy/usr/sbin/iptables-choose
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -sf iptables-choose "/proxy/usr/sbin/$name"
done
ln -sf /usr/bin/kmod /proxy/usr/sbin/modprobe
ln -sf busybox /proxy/usr/bin/sh
# A missing library shows only as services that do not work: make it an error here.
chroot /proxy /usr/sbin/iptables-nft --version
chroot /proxy /usr/sbin/iptables-legacy --version
chroot /proxy /usr/sbin/nft --version
chroot /proxy /usr/sbin/conntrack --version
chroot /proxy /usr/sbin/iptables-nft -m statistic --help >/dev/null
