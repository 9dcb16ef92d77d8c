import type { KindSandbox } from "../sandbox.ts";

/** Run inside a node with a namespace. What has ended by itself meanwhile is no error. */
const script = `set -eu
ctr -n k8s.io containers ls -q "labels.\\"io.kubernetes.pod.namespace\\"==$1" |
  while read -r id; do ctr -n k8s.io tasks kill -s SIGKILL "$id" 2>/dev/null || true; done
`;

/**
 * Kills the containers of a namespace where they run. A kubelet that is waiting for a preStop hook takes no notice of a shorter grace, and goes
 * on waiting even when the pod is gone from the API server.
 */
export async function endContainers(
  { nodes, nodeShell }: Pick<KindSandbox, "nodes" | "nodeShell">,
  namespace: string,
): Promise<void> {
  const argv = ["sh", "-c", script, "end-containers", namespace];
  await Promise.all(nodes.map((node) => nodeShell(node, argv)));
}
