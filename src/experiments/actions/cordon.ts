import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { environmentError } from "../../lib/errors.ts";
import { workloadMembers } from "../../system/members.ts";
import { hasCordonTaint, isCordoned, workerNodes } from "../../system/nodes.ts";
import { type ActionContext, defineAction } from "../action.ts";
import { observe } from "../../lib/poll.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const params = z
  .strictObject({
    nodes: z.int().min(1).optional().describe("So many worker nodes, the first ones by name"),
    nodesOf: workload.optional().describe("Worker nodes that host pods of it"),
    nodesWith: z.string().min(1).optional().describe("Worker nodes that a label selector finds"),
  })
  .refine((given) => Object.keys(given).length === 1, "give one of nodes, nodesOf, nodesWith");

type Params = z.infer<typeof params>;

async function choose({ nodes, nodesOf, nodesWith }: Params, context: ActionContext): Promise<KubeObject[]> {
  const workers = await workerNodes(clusterOf(context.sandbox).kube, nodesWith);
  if (nodesOf === undefined) return nodes === undefined ? workers : workers.slice(0, nodes);
  const hosts = new Set((await workloadMembers(context, nodesOf)).map((member) => member.node));
  return workers.filter((node) => hosts.has(node.metadata.name));
}

function wanted({ nodes, nodesOf, nodesWith }: Params): string {
  if (nodesOf !== undefined) return `no worker node hosts a pod of ${workloadText(nodesOf)}`;
  return nodesWith === undefined ? `there are fewer than ${nodes} worker nodes` : `no worker node matches ${nodesWith}`;
}

/** Cordons a node until the returned function is called, or the experiment ends. One that is cordoned already stays so after it. */
export async function cordonNode(
  context: Pick<ActionContext, "sandbox" | "journal">,
  node: KubeObject,
): Promise<() => Promise<void>> {
  if (isCordoned(node)) return () => Promise.resolve();
  const ref = { apiVersion: "v1", kind: "Node", name: node.metadata.name };
  const sentence = `node ${ref.name}, which an experiment had cordoned, takes pods again`;
  const undo = await context.journal.open({ undo: "uncordon", params: { name: ref.name }, sentence });
  await clusterOf(context.sandbox).kube.patch(ref, { spec: { unschedulable: true } }, "merge");
  return undo;
}

/** Cordons nodes until the experiment ends, so that it shows where else pods may go. */
export const cordon = defineAction<Params>({
  name: "cordon",
  summary: "Let worker nodes take no more pods until the experiment ends",
  needs: ["cluster", "nodes"],
  params,
  async run(given, context) {
    const chosen = await choose(given, context);
    if (chosen.length < (given.nodes ?? 1)) return { finished: false, detail: wanted(given) };
    await closeNodes(context, chosen);
    const names = chosen.map((node) => node.metadata.name);
    return { finished: true, detail: `${names.join(", ")} cordoned`, data: { nodes: names } };
  },
});

const TAKEN_UP_MS = 20_000;

const specShape = z.looseObject({ taints: z.array(z.looseObject({ key: z.string() })).default([]) }).prefault({});

/** Cordons nodes, and waits until the cluster has taken note; the functions that let them take pods again. */
export async function closeNodes(
  context: Pick<ActionContext, "sandbox" | "journal" | "rt">,
  nodes: readonly KubeObject[],
): Promise<(() => Promise<void>)[]> {
  const undo: (() => Promise<void>)[] = [];
  for (const node of nodes) undo.push(await cordonNode(context, node));
  if (nodes.length === 0) return undo;
  const names = nodes.map(({ metadata }) => metadata.name);
  // The node controller taints what was cordoned: once it has, the scheduler, which watches the same nodes, knows as well.
  const waited = await observe<undefined>(
    context.rt,
    async () => {
      const live = await clusterOf(context.sandbox).kube.list({ apiVersion: "v1", kind: "Node" });
      const open = live.filter((node) => names.includes(node.metadata.name) && !hasCordonTaint(node));
      if (open.length === 0) return { done: true, value: undefined };
      return { done: false, seen: `${open.map(({ metadata }) => metadata.name).join(", ")} not tainted yet` };
    },
    { withinMs: TAKEN_UP_MS, everyMs: 200 },
  );
  if (!waited.ok) throw environmentError(`the cordon was not taken up: ${waited.seen}`);
  return undo;
}

/** Tolerations of all taints that people gave to nodes. What Kubernetes itself sets, a cordon too, still holds. */
export function taintTolerations(nodes: readonly KubeObject[]): { key: string; operator: "Exists" }[] {
  const keys = nodes.flatMap((node) => specShape.parse(node["spec"]).taints.map(({ key }) => key));
  return [...new Set(keys)]
    .filter((key) => !key.startsWith("node.kubernetes.io/"))
    .map((key) => ({ key, operator: "Exists" }));
}
