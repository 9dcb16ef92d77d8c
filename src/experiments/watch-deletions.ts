import { environmentError, messageOf } from "../lib/errors.ts";
import { clusterClock } from "../kube/cluster-clock.ts";
import type { WatchEvent } from "../kube/kube.ts";
import { workloadText, type WorkloadRef } from "../lab/workload.ts";
import type { ActionContext } from "./action.ts";
import { deletedAt } from "./deletion.ts";
import type { Member } from "./member.ts";
import { clusterOf } from "./nodes.ts";
import { podMember } from "./pod-member.ts";

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
  const { kube } = clusterOf(context);
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
