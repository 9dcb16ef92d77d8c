import type { KubeObject } from "../kube/kube.ts";

/** What controls an object; undefined where nothing does. */
export function ownerOf(object: Pick<KubeObject, "metadata">) {
  return object.metadata.ownerReferences?.find((owner) => owner.controller === true);
}

/** ReplicaSets by their uid. */
export type ReplicaSets = ReadonlyMap<string, KubeObject>;

const unknownSets: ReplicaSets = new Map();

/** The top owner of a pod; its uid where it is known. */
function topOwner(pod: Pick<KubeObject, "metadata">, sets: ReplicaSets) {
  const owner = ownerOf(pod);
  if (owner?.kind !== "ReplicaSet") return owner;
  const set = sets.get(owner.uid);
  if (set !== undefined) return ownerOf(set) ?? owner;
  // A ReplicaSet of a Deployment carries the pod's template hash as the end of its name.
  const hash = pod.metadata.labels?.["pod-template-hash"];
  if (hash === undefined || !owner.name.endsWith(`-${hash}`)) return owner;
  return { kind: "Deployment", name: owner.name.slice(0, -hash.length - 1), uid: undefined };
}

/**
 * The top owner of a pod: `deployment/payments`, `statefulset/db`, `job/import`; `pod/name` without one. By the owner of its ReplicaSet where
 * that is among the given ones, else by the ReplicaSet's name.
 */
export function podWorkload(pod: Pick<KubeObject, "metadata">, sets: ReplicaSets = unknownSets): string {
  const owner = topOwner(pod, sets);
  return owner === undefined ? `pod/${pod.metadata.name}` : `${owner.kind.toLowerCase()}/${owner.name}`;
}

/** True when a workload is the top owner of a pod: the same object, not only one of the same name. */
export function owns(workload: KubeObject, pod: KubeObject, sets: ReplicaSets): boolean {
  const owner = topOwner(pod, sets);
  if (owner?.kind !== workload.kind || owner.name !== workload.metadata.name) return false;
  return owner.uid === undefined || owner.uid === workload.metadata.uid;
}
