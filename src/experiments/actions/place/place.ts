import { z } from "zod";
import { environmentError } from "../../../lib/errors.ts";
import type { KubeObject } from "../../../kube/kube.ts";
import { duration } from "../../../lib/units.ts";
import { nodeLabels } from "../../../lab/format/node-schema.ts";
import { workload, workloadText } from "../../../lab/workload.ts";
import { defineAction, type ActionContext, type ActionOutcome } from "../../action.ts";
import { closeNodes, taintTolerations } from "../cordon.ts";
import { joinNode, newNodeToleration } from "./new-node.ts";
import { workerNodes } from "../../../system/nodes.ts";
import { observe } from "../../../lib/poll.ts";
import { hasLabels } from "../../../kube/label-selector.ts";
import { labelsText, type PlacedCopy } from "../../../system/placing.ts";
import { decisionOn, livingShadows, makeShadow, shadowPods } from "./copies.ts";
import { clusterOf } from "../../../sandbox/capabilities.ts";
import { workloadState } from "../../../kube/workload.ts";
import { getWorkload } from "../../../system/workload.ts";

const params = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower case letters, digits and dashes")
      .describe("Under this name checks find the result"),
    of: workload.refine((ref) => ref.kind !== "container", "is not scheduled"),
    replicas: z.int().min(1).max(10).default(2),
    cordoned: nodeLabels.optional().describe("Nodes with these labels take no pods meanwhile"),
    ignoreTaints: z
      .boolean()
      .default(false)
      .describe("The copies tolerate the taints that nodes have: only what they ask for themselves counts"),
    newNode: z
      .boolean()
      .default(false)
      .describe(
        "One node more takes part, that nobody gave labels to, as large as a worker; only the copies may go there",
      ),
    labels: z
      .boolean()
      .default(false)
      .describe(
        "The copies carry the labels of its pods: what spreads pods or keeps them apart counts them, Services select them",
      ),
    within: duration.prefault("30s"),
  })
  // A ReplicaSet also selects by its hash, which no copy has. Other controllers would take the copies for their own.
  .refine(({ of, labels }) => !labels || of.kind === "deployment", "only copies of a deployment can carry its labels");

type Params = z.infer<typeof params>;

/** Waits until the scheduler has decided about each pod. */
async function decisions(
  names: readonly string[],
  nodes: readonly KubeObject[],
  given: Params,
  context: ActionContext,
) {
  return observe<PlacedCopy[]>(
    context.rt,
    async () => {
      const pods = await livingShadows(context, names);
      if (pods.length < names.length) throw environmentError(`a copy of ${workloadText(given.of)} is gone`);
      const copies = pods.flatMap((pod): PlacedCopy[] => {
        const decision = decisionOn(pod);
        if (decision === undefined) return [];
        const node = nodes.find(({ metadata }) => metadata.name === decision.node);
        return [{ name: pod.metadata.name, ...decision, labels: node?.metadata.labels ?? {} }];
      });
      if (copies.length === names.length) return { done: true, value: copies };
      return { done: false, seen: `the scheduler has decided about ${copies.length} of ${names.length} copies` };
    },
    { withinMs: given.within, everyMs: 200, onLook: (seen) => context.progress(`${given.name}: ${seen}`) },
  );
}

/** What copies are made of, and where they can go. */
interface Trial {
  readonly template: Readonly<Record<string, unknown>>;
  readonly tolerations: readonly unknown[];
  readonly nodes: readonly KubeObject[];
}

/** Makes the copies and tells where they went. `undo` collects what puts everything back. */
async function tryOut(
  { template, tolerations, nodes }: Trial,
  given: Params,
  context: ActionContext,
  undo: (() => Promise<void>)[],
): Promise<ActionOutcome> {
  const { of, replicas: count } = given;
  const where = { of, namespace: context.namespace, count };
  const pods = shadowPods(template, where, { tolerations, labels: given.labels });
  for (const pod of pods) {
    const made = await makeShadow(context, of, pod);
    undo.push(made.undo);
    if (made.refused !== undefined) return { finished: false, detail: `no copy can be made: ${made.refused}` };
  }
  const names = pods.map(({ metadata }) => metadata.name);
  const waited = await decisions(names, nodes, given, context);
  if (!waited.ok) return { finished: false, detail: `after ${given.within / 1000} s: ${waited.seen}` };
  const hosts = waited.value.filter(({ node }) => node !== "").map(({ node }) => node);
  const on = hosts.length === 0 ? "" : `, on ${[...new Set(hosts)].join(", ")}`;
  const detail = `${hosts.length} of ${count} copies of ${workloadText(of)} were placed${on}`;
  return { finished: true, detail, targets: names, data: { copies: waited.value } };
}

/** The node that joins for the copies, where the lab asks for one. */
async function joining(context: ActionContext, undo: (() => Promise<void>)[]): Promise<KubeObject[]> {
  const [like] = await workerNodes(clusterOf(context.sandbox).kube);
  if (like === undefined) throw environmentError("there is no worker node that a new one could be like");
  const joined = await joinNode(context, like);
  undo.push(joined.undo);
  return [joined.node];
}

/** Lets the scheduler place copies of a workload's pods, perhaps with some nodes closed, and takes them away again. */
export const place = defineAction<Params>({
  name: "place",
  summary:
    "Let the scheduler place copies of a workload's pods, some nodes closed or one more meanwhile, and note where they go",
  needs: ["cluster", "nodes"],
  params,
  async run(given, context) {
    const { kube } = clusterOf(context.sandbox);
    const { name, of, cordoned } = given;
    const told = { name, of: workloadText(of), copies: [] };
    const [object, nodes] = await Promise.all([
      getWorkload(kube, of, context.namespace),
      kube.list({ apiVersion: "v1", kind: "Node" }),
    ]);
    const failed = (detail: string): ActionOutcome => ({ finished: false, detail, data: told });
    if (object === undefined) return failed(`${told.of} does not exist`);
    const closed =
      cordoned === undefined ? [] : nodes.filter(({ metadata }) => hasLabels(metadata.labels ?? {}, cordoned));
    if (cordoned !== undefined && closed.length === 0) return failed(`no node is labelled ${labelsText(cordoned)}`);
    // In case of an error the experiment itself puts everything back.
    const undo = await closeNodes(context, closed);
    const joined = given.newNode ? await joining(context, undo) : [];
    const tolerations = [
      ...(given.ignoreTaints ? taintTolerations(nodes) : []),
      ...(given.newNode ? [newNodeToleration] : []),
    ];
    const trial = { template: workloadState(object).template, tolerations, nodes: [...nodes, ...joined] };
    const outcome = await tryOut(trial, given, context, undo);
    for (const one of undo.toReversed()) await one();
    return { ...outcome, data: { ...told, ...outcome.data } };
  },
});
