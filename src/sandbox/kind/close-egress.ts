import type { Docker } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import { podRange, serviceRange } from "../../setup/address-range.ts";
import { apiService } from "./api-shortcut.ts";
import { runOnNodes, untilBooted } from "./nodes.ts";

/**
 * Run inside a node with the address of the bridge, the pod range, the service range and the API server's service. Docker gives the default route back whenever a node
 * starts, so it runs at every start and verify; it changes nothing where nothing is open.
 */
const script = `set -eu
${untilBooted}
gateway=$1 pods=$2 services=$3 api=$4
set -- $(ip -4 -o addr show dev eth0)
address=\${4%/*}
# Service addresses need some route: kube-proxy rewrites them before it is used. A dead end, so that nothing leaves while kube-proxy is down.
[ -e /sys/class/net/sink0 ] || ip link add sink0 type bridge
ip link set sink0 up
ip -4 route replace "$services" dev sink0 src "$address"
# Whatever else goes through the bridge's own address leaves the machine from there.
ip -4 route show via "$gateway" | while read -r route; do ip -4 route del $route; done
ip -4 route show default | grep -v '^unreachable' | while read -r route; do ip -4 route del $route; done
ip -4 route replace unreachable default
echo 1 > /proc/sys/net/ipv6/conf/eth0/disable_ipv6
# What kube-proxy has not rewritten, because it is not up yet or knows no such service. A connection is lost, as it would be anywhere: the client
# sends its first packet again after 1 s, and finds the rules. Undelivered, it would hang for 3 s. A query is refused at once: resolvers wait 5 s
# for a lost one, and one look-up of a short name is eight of them, so refusals must not be rationed: not those to one pod, nor, as the limits of
# the whole kernel have it, those of all pods together. A type that is not in the mask is under neither. Last in their chains: kube-proxy refuses
# in its own way.
echo 0 > /proc/sys/net/ipv4/icmp_ratemask
last() {
  iptables -w -C "$@" 2>/dev/null || iptables -w -A "$@"
}
for chain in OUTPUT FORWARD; do
  last "$chain" -d "$services" -p udp -j REJECT
  last "$chain" -d "$services" -j DROP
done
# What a new cluster had until kube-proxy was up, see api-shortcut.ts.
for chain in PREROUTING OUTPUT; do
  iptables -w -t nat -S "$chain" | grep -- "^-A $chain -d $api/32 .*-j DNAT" | while read -r _append rule; do iptables -w -t nat -D $rule; done
done
# Only new connections: answers to those who reach the API server through the bridge must pass.
once() {
  table=$1 chain=$2
  shift 2
  iptables -w -t "$table" -C "$chain" "$@" 2>/dev/null || iptables -w -t "$table" -I "$chain" "$@"
}
once filter OUTPUT -d "$gateway" -m conntrack --ctstate NEW -j REJECT
once filter FORWARD -d "$gateway" -m conntrack --ctstate NEW -j REJECT
# Pods that use their node's resolver would reach the engine's DNS, which answers for the world.
once mangle PREROUTING -s "$pods" -d "$gateway" -m conntrack --ctstate NEW -j DROP
case "$(ip -4 route show default)" in
  'unreachable default'*) ;;
  *) echo 'a default route is left' >&2; exit 1 ;;
esac
`;

/** Closes every way out of the nodes: IPv4, IPv6, and the host that they run on. */
export async function closeEgress(docker: Docker, network: string, nodes: readonly string[]): Promise<void> {
  const gateway = (await docker.network(network))?.gateway;
  if (gateway === undefined) throw environmentError(`Docker network ${network} has no gateway address`);
  const argv = ["sh", "-c", script, "close-egress", gateway, podRange, serviceRange, apiService];
  await runOnNodes(docker, nodes, argv, (node, output) => `the way out of ${node} could not be closed: ${output}`);
}
