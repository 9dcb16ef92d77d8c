import { z } from "zod";
import { clusterClock } from "../../kube/cluster-clock.ts";
import type { KubeObject, WatchEvent } from "../../kube/kube.ts";
import { type WorkloadRef, workload, workloadText } from "../../lab/workload.ts";
import { environmentError, messageOf } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { type ActionContext, defineAction } from "../action.ts";
import { loadFields, loadText, mergeLoads } from "../load.ts";
import type { Member } from "../../system/member.ts";
import { hold, observe } from "../../lib/poll.ts";
import { podMember } from "../../system/pod.ts";
import { type DeletedPodLoad, startDeletedPodLoad } from "./deleted-pod-load.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const params = z.strictObject({
  name: loadFields.name,
  workload,
  port: z.int().min(1).max(65_535).default(8080),
  path: loadFields.path,
  every: duration.refine((ms) => ms >= 100, "at least 100ms").prefault("500ms"),
  for: duration
    .refine((ms) => ms > 0 && ms <= 60_000, "at most 1m")
    .describe(
      "Until so long after its deletion each pod is asked: what was promised, less a second for our own delays",
    ),
  timeout: loadFields.timeout,
});

/** Waits until the last of the loads has sent all that counts. After Ctrl-C they are ended at once. */
async function awaitSent(rt: ActionContext["rt"], loads: readonly DeletedPodLoad[]): Promise<void> {
  const leftMs = Math.max(0, ...loads.map(({ endsAt }) => endsAt)) - rt.clock.elapsed();
  if (leftMs <= 0 || rt.signal.aborted) return;
  await hold(rt, leftMs).catch((error: unknown) => {
    if (!rt.signal.aborted) throw error;
  });
}

/** Clients that go on using old endpoints, as they do wherever news of a deletion takes longer than in a sandbox. */
export const staleEndpoints = defineAction({
  name: "stale-endpoints",
  summary: "Ask each pod that is deleted while `do` runs at its own address, as clients do that learn of it late",
  needs: ["cluster"],
  params,
  async accompany(given, context) {
    const { rt } = context;
    const name = workloadText(given.workload);
    const loads: DeletedPodLoad[] = [];
    const missed: string[] = [];
    const watch = await watchDeletions(context, given.workload, ({ pod, at }) => {
      if (at === undefined || at + given.for <= rt.clock.elapsed()) missed.push(pod.name);
      else loads.push(startDeletedPodLoad(context, given, pod, at));
    });
    return {
      async steady() {
        const waited = await observe<undefined>(
          rt,
          () =>
            Promise.resolve(
              watch.ready() > 0 ? { done: true, value: undefined } : { done: false, seen: "no ready pod" },
            ),
          { withinMs: 15_000, everyMs: 200 },
        );
        if (!waited.ok) throw environmentError(`the deletions of ${name} cannot be watched: ${waited.seen}`);
      },
      async end() {
        await awaitSent(rt, loads);
        // All are stopped, also when the watch or one of them fails.
        const [watched, ...stopped] = await Promise.allSettled([watch.stop(), ...loads.map((load) => load.stop())]);
        if (watched.status === "rejected") throw watched.reason;
        const results = stopped.map((one) => {
          if (one.status === "rejected") throw one.reason;
          return one.value;
        });
        if (missed.length > 0) throw environmentError(`the deletion of ${missed.join(", ")} was seen too late`);
        const [first, ...rest] = results;
        // No result: a check that asks for one fails.
        if (first === undefined) return { finished: false, detail: `no pod of ${name} was deleted` };
        const result = mergeLoads(given.name, [first, ...rest]);
        const detail = `${results.length} pods of ${name} until ${given.for / 1000} s after their deletion: ${loadText(result)}`;
        return { finished: true, detail, traffic: { [given.name]: result } };
      },
    };
  },
});

/** A pod that was ready, and is deleted. */
export interface Deletion {
  readonly pod: Member;
  /** When, by the clock's `elapsed`; undefined when only its end was seen. */
  readonly at: number | undefined;
}

/** A running watch on deletions. */
export interface DeletionWatch {
  /** Ready pods of the workload that it knows. */
  ready(): number;
  /** Ends it; throws when it could not see everything. */
  stop(): Promise<void>;
}

/**
 * Tells of each pod of a workload that is deleted, once, at the moment of its deletion, not of its end. One that was not ready then had no
 * requests to expect, and is left out.
 */
export async function watchDeletions(
  context: Pick<ActionContext, "sandbox" | "namespace" | "rt">,
  ref: WorkloadRef,
  onDeletion: (deletion: Deletion) => void,
): Promise<DeletionWatch> {
  const { kube } = clusterOf(context.sandbox);
  const { clock } = context.rt;
  const toElapsed = await clusterClock(kube, clock);
  const wanted = workloadText(ref);
  const ready = new Set<string>();
  const onEvent = ({ type, object }: WatchEvent): void => {
    const pod = podMember(object);
    if (pod.workload !== wanted) return;
    if (type !== "DELETED" && !pod.terminating) {
      if (pod.ready) ready.add(pod.uid);
      else ready.delete(pod.uid);
      return;
    }
    if (ready.delete(pod.uid)) onDeletion({ pod, at: deletedAt(object, clock.elapsed(), toElapsed) });
  };
  // Its own signal: the watch ends when the experiment says so, also after Ctrl-C.
  const over = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const query = { apiVersion: "v1", kind: "Pod", namespace: context.namespace };
  const watching = kube.watch(query, onEvent, over.signal).catch((error: unknown) => {
    if (!over.signal.aborted) failure = { error };
  });
  return {
    ready: () => ready.size,
    async stop() {
      over.abort();
      await watching;
      if (failure !== undefined) {
        throw environmentError(`the watch on pods of ${wanted} broke off: ${messageOf(failure.error)}`);
      }
    },
  };
}

const shape = z.looseObject({
  deletionTimestamp: z.string().default(""),
  deletionGracePeriodSeconds: z.number().default(0),
});

/**
 * The latest moment at which an object that was seen being deleted at `seenAt` can have been deleted, both of our `elapsed`; `toElapsed` makes
 * such moments of the cluster's stamps. The API server writes down when its grace
 * is over, in whole seconds, the rest cut off: so it was within the second that begins then, and not after we saw it. Undefined where nothing
 * is written down: a watch that missed the deletion tells of the end alone.
 */
export function deletedAt(
  { metadata }: KubeObject,
  seenAt: number,
  toElapsed: (stamp: number) => number,
): number | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds } = shape.parse(metadata);
  const graceOver = Date.parse(deletionTimestamp);
  if (Number.isNaN(graceOver)) return undefined;
  return Math.min(seenAt, toElapsed(graceOver - deletionGracePeriodSeconds * 1000 + 1000));
}
