import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { environmentError } from "../../errors.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { workloadMembers } from "../members.ts";
import { clusterOf, cordonNode, hasCordonTaint, workerNodes } from "../nodes.ts";
import { observe } from "../observe.ts";

const TAKEN_UP_MS = 20_000;

const params = z
  .strictObject({
    nodes: z.int().min(1).optional().describe("So many worker nodes, the first ones by name"),
    nodesOf: workload.optional().describe("Worker nodes that host pods of it"),
    nodesWith: z.string().min(1).optional().describe("Worker nodes that a label selector finds"),
  })
  .refine((given) => Object.keys(given).length === 1, "give one of nodes, nodesOf, nodesWith");

type Params = z.infer<typeof params>;

async function choose({ nodes, nodesOf, nodesWith }: Params, context: ActionContext): Promise<KubeObject[]> {
  const workers = await workerNodes(clusterOf(context).kube, nodesWith);
  if (nodesOf === undefined) return nodes === undefined ? workers : workers.slice(0, nodes);
  const hosts = new Set((await workloadMembers(context, nodesOf)).map((member) => member.node));
  return workers.filter((node) => hosts.has(node.metadata.name));
}

function wanted({ nodes, nodesOf, nodesWith }: Params): string {
  if (nodesOf !== undefined) return `no worker node hosts a pod of ${workloadText(nodesOf)}`;
  return nodesWith === undefined ? `there are fewer than ${nodes} worker nodes` : `no worker node matches ${nodesWith}`;
}

/** Cordons nodes until the experiment ends, so that it shows where else pods may go. */
export const cordon = defineAction<Params>({
  name: "cordon",
  summary: "Let worker nodes take no more pods until the experiment ends",
  providers: ["kind"],
  params,
  async run(given, context) {
    const { kube } = clusterOf(context);
    const chosen = await choose(given, context);
    if (chosen.length < (given.nodes ?? 1)) return { finished: false, detail: wanted(given) };
    for (const node of chosen) await cordonNode(context, node);
    const names = chosen.map((node) => node.metadata.name);
    // The node controller taints what was cordoned: once it has, the scheduler, which watches the same nodes, knows as well.
    const waited = await observe<undefined>(
      context.rt,
      async () => {
        const workers = await workerNodes(kube);
        const open = workers
          .filter(({ metadata }) => names.includes(metadata.name))
          .filter((node) => !hasCordonTaint(node));
        return open.length === 0
          ? { done: true, value: undefined }
          : { done: false, seen: `${open.map((node) => node.metadata.name).join(", ")} not tainted yet` };
      },
      { withinMs: TAKEN_UP_MS },
    );
    if (!waited.ok) throw environmentError(`the cordon was not taken up: ${waited.seen}`);
    return { finished: true, detail: `${names.join(", ")} cordoned`, data: { nodes: names } };
  },
});
