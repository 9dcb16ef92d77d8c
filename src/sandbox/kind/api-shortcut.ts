import type { Docker } from "../../docker/docker.ts";
import { runOnNodes } from "./nodes.ts";

/** Service address of the API server: the first of kind's default range. */
export const apiService = "10.96.0.1";

/**
 * Run inside a node with the API server's service address and the name of a control plane. Stands behind kube-proxy's own rules, which come first
 * in the chain. Without it, whoever starts before kube-proxy loses the first packet of its connection, and sends the next one after 1 s: CoreDNS
 * in every new cluster.
 */
const script = `set -eu
api=$(getent ahostsv4 "$2" | head -n 1)
for chain in PREROUTING OUTPUT; do
  iptables -w -t nat -A "$chain" -d "$1" -p tcp --dport 443 -j DNAT --to-destination "\${api%% *}:6443"
done
`;

/** Has the nodes of a new cluster find the API server's service before kube-proxy is up. Taken back whenever ways out are closed. */
export async function openApiShortcut(docker: Docker, nodes: readonly string[]): Promise<void> {
  const argv = ["sh", "-c", script, "api-shortcut", apiService, nodes[0] ?? ""];
  await runOnNodes(docker, nodes, argv, (node, output) => `${node} does not find the API server: ${output}`);
}
