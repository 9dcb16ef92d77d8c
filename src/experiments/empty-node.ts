import type { Kube, KubeObject } from "../kube/kube.ts";
import { evictionText, evictPod, type EvictionAnswer } from "./eviction.ts";
import type { ActionContext } from "./action.ts";
import type { Member } from "./member.ts";
import { observe } from "./observe.ts";
import { podMember } from "./pod-member.ts";

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
    .map(podMember)
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
