import type { Kube, KubeObject } from "../kube/kube.ts";
import { workloadKind, workloadText, type WorkloadRef } from "../lab/workload.ts";
import { textAt } from "../lib/fields.ts";

function ownerOf(object: KubeObject): { readonly kind: string; readonly uid: string } | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

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

/** Reads a workload and the pods that it owns (by owner, not by label: labels may match pods of others); undefined without it. */
export async function workloadPods(kube: Kube, namespace: string, ref: WorkloadRef): Promise<WorkloadPods | undefined> {
  const kind = workloadKind(ref);
  if (kind === undefined) throw new Error(`${workloadText(ref)} is a container, and this sandbox is a cluster`);
  const object = await kube.get({ apiVersion: "apps/v1", kind, name: ref.name, namespace });
  if (object === undefined) return undefined;
  const [pods, replicaSets] = await Promise.all([
    kube.list({ apiVersion: "v1", kind: "Pod", namespace }),
    kind === "Deployment" ? kube.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace }) : [],
  ]);
  const { uid } = object.metadata;
  const owners = new Set([
    uid,
    ...replicaSets.filter((one) => ownerOf(one)?.uid === uid).map((one) => one.metadata.uid),
  ]);
  const owned = pods.filter((pod) => owners.has(ownerOf(pod)?.uid));
  const live = withoutOld(owned, replicaSets);
  // Sets mark old pods by the hash of their revision; a DaemonSet does not tell its newest hash.
  const hash = textAt(object, "status", "updateRevision");
  const current =
    kind === "StatefulSet" && hash !== ""
      ? live.filter((pod) => pod.metadata.labels?.["controller-revision-hash"] === hash)
      : live;
  return {
    object,
    current,
    old: owned.filter((pod) => !current.includes(pod)),
    newestReplicaSet: newestReplicaSets(replicaSets).get(uid ?? ""),
  };
}
