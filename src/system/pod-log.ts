import type { Member } from "./member.ts";
import type { PodSeen, RunRecord } from "./record.ts";

/** All that a watch saw. */
export type Watched = Pick<RunRecord, "pods" | "available">;

/** A running watch. `stop` looks once more, ends it, and throws when it could not see everything. */
export interface Watch {
  stop(): Promise<Watched>;
}

/** What a watch writes down. */
export interface PodLog {
  readonly watched: { readonly pods: PodSeen[]; readonly available: RunRecord["available"][number][] };
  /** Writes a member down (`current`: it is of the newest revision), unless nothing changed since it was last seen. */
  member(member: Member, at: number, gone?: boolean, current?: boolean): void;
  available(workload: string, available: number, desired: number, at: number): void;
  /** Members that were there and are not among these uids any more are gone. */
  only(uids: ReadonlySet<string>, at: number): void;
}

/** A member as records keep it. */
export function podSeen(member: Member, at: number, gone: boolean, current: boolean): PodSeen {
  const { name, uid, labels, workload, ready, restarts, terminating, node, lastEnd } = member;
  return {
    at,
    name,
    uid,
    labels,
    workload,
    current: current && !terminating && !gone,
    ready: ready && !gone,
    restarts,
    terminating,
    gone,
    node,
    lastEnd,
  };
}

/** An empty log. A watch that reconnects reports everything again; only changes are kept. */
export function createPodLog(): PodLog {
  const pods: PodSeen[] = [];
  const available: RunRecord["available"][number][] = [];
  const latest = new Map<string, PodSeen>();
  const counts = new Map<string, string>();
  const add = (pod: PodSeen): void => {
    const before = latest.get(pod.uid);
    if (before !== undefined && JSON.stringify({ ...before, at: pod.at }) === JSON.stringify(pod)) return;
    latest.set(pod.uid, pod);
    pods.push(pod);
  };
  return {
    watched: { pods, available },
    member: (member, at, gone = false, current = true) => add(podSeen(member, at, gone, current)),
    available(workload, now, desired, at) {
      const print = `${now}/${desired}`;
      if (counts.get(workload) === print) return;
      counts.set(workload, print);
      available.push({ at, workload, available: now, desired });
    },
    only(uids, at) {
      for (const pod of latest.values()) {
        if (!pod.gone && !uids.has(pod.uid)) add({ ...pod, at, ready: false, current: false, gone: true });
      }
    },
  };
}
