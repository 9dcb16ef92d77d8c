import { z } from "zod";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { observe } from "../../lib/poll.ts";
import { duration } from "../../lib/units.ts";
import { type EvictionAnswer, evictPod, evictionText } from "../../system/eviction.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { workerNodes } from "../../system/nodes.ts";
import { podMember } from "../../system/pod.ts";
import { workloadReadiness } from "../../system/settle.ts";
import { type ActionContext, type ActionOutcome, defineAction } from "../action.ts";
import { cordonNode } from "./cordon.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const params = z.strictObject({
  nodesOf: workload.describe("Each worker node that hosts pods of it, one after the other"),
  within: duration.describe("Each node is empty within this time"),
});

type Params = z.infer<typeof params>;

/** The next worker that hosts the workload and had not its turn; undefined when all had. Pods move, so this is asked anew each time. */
async function nextNode({ nodesOf }: Params, context: ActionContext, done: ReadonlySet<string>) {
  const [nodes, members] = await Promise.all([
    workerNodes(clusterOf(context.sandbox).kube),
    workloadMembers(context, nodesOf),
  ]);
  return nodes.find(({ metadata: { name } }) => !done.has(name) && members.some((member) => member.node === name));
}

/** Waits until the workload is whole again; what was missing, when it is not in time. */
async function whole({ nodesOf, within }: Params, context: ActionContext): Promise<string | undefined> {
  const waited = await observe<undefined>(
    context.rt,
    async () => {
      const { problem } = await workloadReadiness(context, nodesOf);
      return problem === undefined ? { done: true, value: undefined } : { done: false, seen: problem };
    },
    { withinMs: within, onLook: context.progress },
  );
  return waited.ok ? undefined : `${workloadText(nodesOf)} is not whole again: ${waited.seen}`;
}

/** Drains the nodes of a workload one after the other, as for an upgrade. */
export const drain = defineAction<Params>({
  name: "drain",
  summary: "Empty each worker node that hosts a workload, one after the other, through the eviction API",
  needs: ["cluster", "nodes"],
  params,
  async run(given, context): Promise<ActionOutcome> {
    const { clock } = context.rt;
    const { kube } = clusterOf(context.sandbox);
    const done = new Map<string, number>();
    const targets: string[] = [];
    const outcome = (finished: boolean, detail: string): ActionOutcome => ({
      finished,
      detail,
      targets,
      data: { seconds: Object.fromEntries(done) },
    });
    for (;;) {
      const node = await nextNode(given, context, new Set(done.keys()));
      if (node === undefined) break;
      const { name } = node.metadata;
      const start = clock.elapsed();
      const uncordon = await cordonNode(context, node);
      let emptied: Emptied;
      try {
        emptied = await emptyNode(context, kube, name, given.within);
      } finally {
        await uncordon();
      }
      targets.push(...emptied.evicted);
      const seconds = (clock.elapsed() - start) / 1000;
      if (emptied.problem !== undefined)
        return outcome(false, `${name} is not empty after ${seconds.toFixed(0)} s: ${emptied.problem}`);
      done.set(name, seconds);
      const problem = await whole(given, context);
      if (problem !== undefined) return outcome(false, `after the drain of ${name} ${problem}`);
    }
    if (done.size === 0) return outcome(false, `no worker node hosts a pod of ${workloadText(given.nodesOf)}`);
    const times = [...done].map(([name, seconds]) => `${name} empty after ${seconds.toFixed(1)} s`);
    return outcome(true, times.join(", "));
  },
});

// kubectl asks every 5 s; a budget that has room again is noticed sooner.
const EVERY_MS = 1000;

/** How emptying a node ended: with the pods that left, and why it is not empty (undefined: it is). */
export interface Emptied {
  readonly evicted: readonly string[];
  readonly problem?: string;
}

/** What stays on a drained node: what belongs to the node itself. */
function belongsToNode({ metadata }: KubeObject): boolean {
  const mirror = metadata.annotations?.["kubernetes.io/config.mirror"] !== undefined;
  return (
    mirror || (metadata.ownerReferences ?? []).some((owner) => owner.controller === true && owner.kind === "DaemonSet")
  );
}

/** Pods on a node that a drain has to move, of all namespaces. */
export async function movablePods(kube: Kube, node: string): Promise<Member[]> {
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod" });
  return pods
    .filter((pod) => !belongsToNode(pod))
    .map((pod) => podMember(pod))
    .filter((pod) => pod.node === node);
}

/** Evicts everything on a node but DaemonSet and mirror pods, side by side and again and again as `kubectl drain` does, and waits until it is gone. */
export async function emptyNode(
  { rt, progress }: Pick<ActionContext, "rt" | "progress">,
  kube: Kube,
  node: string,
  withinMs: number,
): Promise<Emptied> {
  const evicted: string[] = [];
  let refused: { readonly since: number; readonly text: string } | undefined;
  const evict = async (pod: Member): Promise<readonly [Member, EvictionAnswer]> => {
    const answer = await evictPod(kube, pod);
    if (answer.outcome === "accepted") evicted.push(pod.name);
    return [pod, answer];
  };
  const waited = await observe<string | undefined>(
    rt,
    async () => {
      const pods = await movablePods(kube, node);
      if (pods.length === 0) return { done: true, value: undefined };
      const answers = await Promise.all(pods.filter((pod) => !pod.terminating).map(evict));
      const no = answers.find(([, { outcome }]) => outcome === "refused" || outcome === "pending");
      const never = answers.find(([, { outcome }]) => outcome === "impossible");
      if (never !== undefined)
        return { done: true, value: `${never[0].name} cannot be evicted: ${evictionText(never[1])}` };
      if (no === undefined) {
        refused = undefined;
        return { done: false, seen: `waiting for the end of ${pods.map((pod) => pod.name).join(", ")}` };
      }
      const text = `${no[0].name} stays: ${evictionText(no[1])}`;
      refused = { since: refused?.since ?? rt.clock.elapsed(), text };
      return { done: false, seen: text };
    },
    { withinMs, everyMs: EVERY_MS, onLook: (seen) => progress(`draining ${node}: ${seen}`) },
  );
  if (waited.ok) return waited.value === undefined ? { evicted } : { evicted, problem: waited.value };
  if (refused === undefined) return { evicted, problem: waited.seen };
  return { evicted, problem: `for ${Math.round((rt.clock.elapsed() - refused.since) / 1000)} s ${refused.text}` };
}
