import { environmentError } from "../../lib/errors.ts";
import type { Kube } from "../../kube/kube.ts";
import { isReady, rollout, workloadState } from "../../kube/workload.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";

const READY_WITHIN_MS = 120_000;
/** Where a new cluster has Deployments of its own; a lab that is laid down already is not asked for. */
const systemNamespaces = ["kube-system", "local-path-storage"];

/** What is still to come of a cluster's own objects; undefined when all are there and every node takes pods. */
export async function notWhole(kube: Kube, nodes: number): Promise<string | undefined> {
  const [found, accounts, namespaces] = await Promise.all([
    kube.list({ apiVersion: "v1", kind: "Node" }),
    kube.list({ apiVersion: "v1", kind: "ServiceAccount" }),
    kube.list({ apiVersion: "v1", kind: "Namespace" }),
  ]);
  const node = found.find((one) => !isReady(one));
  if (found.length < nodes) return `${found.length} of ${nodes} nodes have joined`;
  if (node !== undefined) return `node ${node.metadata.name} is not ready`;
  const defaults = accounts.filter(({ metadata }) => metadata.name === "default").map((one) => one.metadata.namespace);
  // One that is on its way out has lost its own already, and gets no other.
  const staying = namespaces.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
  const bare = staying.find(({ metadata }) => !defaults.includes(metadata.name));
  return bare === undefined ? undefined : `namespace ${bare.metadata.name} has no service account yet`;
}

/** What is not ready yet in a cluster without labs; undefined when all is. */
export async function notReady(kube: Kube, nodes: number): Promise<string | undefined> {
  const missing = await notWhole(kube, nodes);
  if (missing !== undefined) return missing;
  const [deployments, daemonSets] = await Promise.all([
    Promise.all(
      systemNamespaces.map((namespace) => kube.list({ apiVersion: "apps/v1", kind: "Deployment", namespace })),
    ),
    kube.list({ apiVersion: "apps/v1", kind: "DaemonSet", namespace: "kube-system" }),
  ]);
  const late = deployments.flat().find((one) => rollout(workloadState(one)) !== "whole");
  if (late !== undefined) return `deployment ${late.metadata.name} is not ready`;
  // Its controller counts the nodes that it knows of: those that joined just now may be missing.
  const daemons = daemonSets.find((one) => {
    const state = workloadState(one);
    return state.desired !== nodes || rollout(state) !== "whole";
  });
  return daemons === undefined ? undefined : `daemonset ${daemons.metadata.name} is not ready`;
}

/** Waits until nothing is `missing` in a cluster; by default until all of it runs: nodes, DNS, storage, service network. */
export async function clusterReady(
  rt: Runtime,
  kube: Kube,
  nodes: number,
  note: (text: string) => void,
  missing = notReady,
): Promise<void> {
  const ready = await poll(
    async () => {
      const seen = await missing(kube, nodes);
      return seen === undefined ? { done: true, value: true } : { done: false, seen };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: READY_WITHIN_MS, everyMs: 250, onLook: note },
  );
  if (ready.ok) return;
  throw environmentError(`the new cluster was not ready within ${READY_WITHIN_MS / 1000} s: ${ready.seen}`, {
    cure: `${rt.program} doctor`,
  });
}
