import { z } from "zod";
import { environmentError } from "../lib/errors.ts";
import type { KubeObject } from "../kube/kube.ts";
import type { ActionContext } from "./action.ts";
import { clusterOf, cordonNode, hasCordonTaint } from "./nodes.ts";
import { observe } from "./observe.ts";

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
      const live = await clusterOf(context).kube.list({ apiVersion: "v1", kind: "Node" });
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
