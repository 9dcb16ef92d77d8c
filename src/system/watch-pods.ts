import type { Kube, KubeObject, WatchEvent } from "../kube/kube.ts";
import type { Clock } from "../lib/clock.ts";
import { environmentError, messageOf } from "../lib/errors.ts";
import { type PodLog, type Watch, type Watched, createPodLog } from "./pod-log.ts";
import { isCurrent } from "./current-pods.ts";
import { podMember } from "./pod.ts";
import { workloadState } from "../kube/workload.ts";

const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;

/** What a watch has gathered of some namespaces: the objects as they are now, by uid. What it notes is read of them as of a list. */
export function createPodNotes(log: PodLog) {
  const pods = new Map<string, KubeObject>();
  const sets = new Map<string, KubeObject>();
  const workloads = new Map<string, KubeObject>();
  const noteMember = (pod: KubeObject, at: number, gone: boolean): void => {
    const member = podMember(pod, sets);
    log.member(member, at, gone, isCurrent(pod, [...workloads.values()], [...sets.values()]));
  };
  return (object: KubeObject, at: number, gone: boolean): void => {
    const uid = object.metadata.uid ?? "";
    const kept = object.kind === "Pod" ? pods : object.kind === "ReplicaSet" ? sets : workloads;
    if (gone) kept.delete(uid);
    else kept.set(uid, object);
    if (object.kind === "Pod") {
      noteMember(object, at, gone);
      return;
    }
    if (object.kind !== "ReplicaSet") {
      const { available, desired } = workloadState(object);
      const workload = `${object.kind.toLowerCase()}/${object.metadata.name}`;
      log.available(workload, gone ? 0 : available, gone ? 0 : desired, at);
    }
    // Which pods are current, and whose, may have changed with it.
    for (const pod of pods.values()) noteMember(pod, at, false);
  };
}

/** Records every change of the pods and workloads of these namespaces, their present state first. */
export async function watchPods(kube: Kube, namespaces: readonly string[], clock: Clock): Promise<Watch> {
  const queries = namespaces.flatMap((namespace) => [
    ...[...workloadKinds, "ReplicaSet"].map((kind) => ({ apiVersion: "apps/v1", kind, namespace })),
    // Last: whose they are and whether they are current the others tell.
    { apiVersion: "v1", kind: "Pod", namespace },
  ]);
  const log = createPodLog();
  const note = createPodNotes(log);
  const look = async (): Promise<void> => {
    const uids = new Set<string>();
    const lists = await Promise.all(queries.map(async (query) => ({ query, objects: await kube.list(query) })));
    for (const { query, objects } of lists) {
      for (const object of objects) {
        note({ ...object, kind: query.kind }, clock.elapsed(), false);
        uids.add(object.metadata.uid ?? "");
      }
    }
    log.only(uids, clock.elapsed());
  };
  await look();
  // Its own signal: the watch ends when the experiment says so, also after Ctrl-C.
  const over = new AbortController();
  const failures: unknown[] = [];
  const watches = queries.map((query) => {
    const onEvent = ({ type, object }: WatchEvent): void =>
      note({ ...object, kind: query.kind }, clock.elapsed(), type === "DELETED");
    return kube.watch(query, onEvent, over.signal).catch((error: unknown) => {
      if (!over.signal.aborted) failures.push(error);
    });
  });
  const stop = async (): Promise<Watched> => {
    over.abort();
    await Promise.all(watches);
    if (failures.length > 0) throw environmentError(`the watch on pods broke off: ${messageOf(failures[0])}`);
    await look();
    return log.watched;
  };
  let stopped: Promise<Watched> | undefined;
  return { stop: () => (stopped ??= stop()) };
}
