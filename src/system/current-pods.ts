import type { Kube, KubeObject } from "../kube/kube.ts";
import type { WorkloadRef } from "../lab/workload.ts";
import { textAt } from "../lib/fields.ts";
import { ownerOf, owns } from "./owner.ts";
import { getWorkload } from "./workload.ts";

function revision(replicaSet: KubeObject): number {
  return Number(replicaSet.metadata.annotations?.["deployment.kubernetes.io/revision"] ?? 0);
}

/** The newest ReplicaSet of every Deployment among these, by the Deployment's uid. */
export function newestReplicaSets(replicaSets: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  const newest = new Map<string, KubeObject>();
  for (const replicaSet of replicaSets) {
    const owner = ownerOf(replicaSet);
    if (owner === undefined) continue;
    const known = newest.get(owner.uid);
    if (known === undefined || revision(replicaSet) > revision(known)) newest.set(owner.uid, replicaSet);
  }
  return newest;
}

/** Pods that count: not terminating, not of an old ReplicaSet. */
function withoutOld(pods: readonly KubeObject[], replicaSets: readonly KubeObject[]): KubeObject[] {
  const newest = new Set([...newestReplicaSets(replicaSets).values()].map((one) => one.metadata.uid));
  const old = new Set(
    replicaSets
      .filter((one) => ownerOf(one) !== undefined && !newest.has(one.metadata.uid))
      .map((one) => one.metadata.uid),
  );
  return pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && !old.has(ownerOf(pod)?.uid));
}

/** Drops pods that are terminating or belong to an old ReplicaSet. */
export async function onlyCurrent(kube: Kube, namespace: string, pods: readonly KubeObject[]): Promise<KubeObject[]> {
  if (pods.length === 0) return [];
  return withoutOld(pods, await kube.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }));
}

/** Pods that a label selector finds and that count. */
export async function selectedPods(kube: Kube, namespace: string, selector: string): Promise<KubeObject[]> {
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: selector });
  return onlyCurrent(kube, namespace, pods);
}

/** A workload with its pods: those that count, and those that are on their way out. */
export interface WorkloadPods {
  readonly object: KubeObject;
  readonly current: readonly KubeObject[];
  readonly old: readonly KubeObject[];
  /** Of a Deployment: what its current pods come from. */
  readonly newestReplicaSet: KubeObject | undefined;
}

/** Sets mark old pods by the hash of their revision; a DaemonSet does not tell its newest hash, nor does a Deployment. */
function isOfRevision(pod: KubeObject, workload: KubeObject): boolean {
  const hash = textAt(workload, "status", "updateRevision");
  if (workload.kind !== "StatefulSet" || hash === "") return true;
  return pod.metadata.labels?.["controller-revision-hash"] === hash;
}

/** Whether a pod is current, as `podsOfWorkload` judges; a pod of no workload is until it leaves. */
export function isCurrent(
  pod: KubeObject,
  workloads: readonly KubeObject[],
  replicaSets: readonly KubeObject[],
): boolean {
  const owner = ownerOf(pod)?.uid;
  const set = workloads.find((one) => one.metadata.uid === owner);
  return withoutOld([pod], replicaSets).length > 0 && (set === undefined || isOfRevision(pod, set));
}

/**
 * The pods of a workload among these, in order: those that it owns (labels may match pods of others), and of them the current ones: not
 * terminating, and of its newest ReplicaSet or revision. The one reading for what a list tells and for what a watch has gathered.
 */
export function podsOfWorkload(
  object: KubeObject,
  pods: readonly KubeObject[],
  replicaSets: readonly KubeObject[],
): WorkloadPods {
  const sets = new Map(replicaSets.map((one) => [one.metadata.uid ?? "", one]));
  const owned = pods.filter((pod) => owns(object, pod, sets));
  const live = withoutOld(owned, replicaSets);
  const current = live.filter((pod) => isOfRevision(pod, object));
  return {
    object,
    current,
    old: owned.filter((pod) => !current.includes(pod)),
    newestReplicaSet: newestReplicaSets(replicaSets).get(object.metadata.uid ?? ""),
  };
}

/** Reads a workload and its pods; undefined without it. */
export async function workloadPods(kube: Kube, namespace: string, ref: WorkloadRef): Promise<WorkloadPods | undefined> {
  const object = await getWorkload(kube, ref, namespace);
  if (object === undefined) return undefined;
  const [pods, replicaSets] = await Promise.all([
    kube.list({ apiVersion: "v1", kind: "Pod", namespace }),
    object.kind === "Deployment" ? kube.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }) : [],
  ]);
  return podsOfWorkload(object, pods, replicaSets);
}
