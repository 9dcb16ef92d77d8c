import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { closeNodes } from "../closed-nodes.ts";
import { workloadMembers } from "../members.ts";
import { clusterOf, workerNodes } from "../nodes.ts";

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
    const chosen = await choose(given, context);
    if (chosen.length < (given.nodes ?? 1)) return { finished: false, detail: wanted(given) };
    await closeNodes(context, chosen);
    const names = chosen.map((node) => node.metadata.name);
    return { finished: true, detail: `${names.join(", ")} cordoned`, data: { nodes: names } };
  },
});
