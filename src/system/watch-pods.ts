import type { Kube, KubeObject, WatchEvent } from "../kube/kube.ts";
import type { Clock } from "../lib/clock.ts";
import { environmentError, messageOf } from "../lib/errors.ts";
import { type PodLog, type Watch, type Watched, createPodLog } from "./pod-log.ts";
import { podMember } from "./pod.ts";
import { workloadState } from "../kube/workload.ts";

const workloadKinds = ["Deployment", "StatefulSet", "DaemonSet"] as const;

function note(log: PodLog, object: KubeObject, at: number, gone: boolean): void {
  if (object.kind === "Pod") {
    log.member(podMember(object), at, gone);
    return;
  }
  const { available, desired } = workloadState(object);
  const workload = `${object.kind.toLowerCase()}/${object.metadata.name}`;
  log.available(workload, gone ? 0 : available, gone ? 0 : desired, at);
}

/** Records every change of the pods and workloads of these namespaces, their present state first. */
export async function watchPods(kube: Kube, namespaces: readonly string[], clock: Clock): Promise<Watch> {
  const queries = namespaces.flatMap((namespace) => [
    { apiVersion: "v1", kind: "Pod", namespace },
    ...workloadKinds.map((kind) => ({ apiVersion: "apps/v1", kind, namespace })),
  ]);
  const log = createPodLog();
  const look = async (): Promise<void> => {
    const uids = new Set<string>();
    const lists = await Promise.all(queries.map(async (query) => ({ query, objects: await kube.list(query) })));
    for (const { query, objects } of lists) {
      for (const object of objects) {
        note(log, { ...object, kind: query.kind }, clock.elapsed(), false);
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
      note(log, { ...object, kind: query.kind }, clock.elapsed(), type === "DELETED");
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
