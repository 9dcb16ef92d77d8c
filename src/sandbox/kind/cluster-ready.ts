import { environmentError } from "../../errors.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { poll } from "../../poll.ts";
import type { Runtime } from "../../runtime.ts";

const READY_WITHIN_MS = 120_000;

function statusOf(object: KubeObject): Record<string, unknown> {
  const { status } = object;
  return typeof status === "object" && status !== null ? { ...status } : {};
}

function isReady(object: KubeObject): boolean {
  const { conditions } = statusOf(object);
  return Array.isArray(conditions) && conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

/** What is not ready yet in a cluster without labs; undefined when all is. */
export async function notReady(kube: Kube, nodes: number): Promise<string | undefined> {
  const [found, deployments, daemonSets, account] = await Promise.all([
    kube.list({ apiVersion: "v1", kind: "Node" }),
    kube.list({ apiVersion: "apps/v1", kind: "Deployment" }),
    kube.list({ apiVersion: "apps/v1", kind: "DaemonSet", namespace: "kube-system" }),
    kube.get({ apiVersion: "v1", kind: "ServiceAccount", name: "default", namespace: "default" }),
  ]);
  const node = found.find((one) => !isReady(one));
  if (found.length < nodes) return `${found.length} of ${nodes} nodes have joined`;
  if (node !== undefined) return `node ${node.metadata.name} is not ready`;
  const deployment = deployments.find((one) => statusOf(one)["readyReplicas"] !== statusOf(one)["replicas"]);
  if (deployment !== undefined) return `deployment ${deployment.metadata.name} is not ready`;
  if (deployments.some((one) => statusOf(one)["replicas"] === undefined)) return "deployments have no pods yet";
  const daemons = daemonSets.find((one) => statusOf(one)["numberReady"] !== nodes);
  if (daemons !== undefined) return `daemonset ${daemons.metadata.name} is not ready`;
  return account === undefined ? "service account default is not there" : undefined;
}

/** Waits until a new cluster is whole: nodes, DNS, storage, service network. */
export async function clusterReady(
  rt: Runtime,
  kube: Kube,
  nodes: number,
  note: (text: string) => void,
): Promise<void> {
  const ready = await poll(
    async () => {
      const seen = await notReady(kube, nodes);
      return seen === undefined ? { done: true, value: true } : { done: false, seen };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: READY_WITHIN_MS, everyMs: 250, onLook: note },
  );
  if (ready.ok) return;
  throw environmentError(`the new cluster was not ready within ${READY_WITHIN_MS / 1000} s: ${ready.seen}`, {
    cure: `${rt.program} doctor`,
  });
}
