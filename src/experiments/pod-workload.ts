import type { KubeObject } from "../kube/kube.ts";

/**
 * The top owner of a pod: `deployment/payments`, `statefulset/db`, `job/import`; `pod/name` without one. A ReplicaSet of a Deployment carries
 * the pod's template hash as the end of its name, so no second request is needed.
 */
export function podWorkload(pod: Pick<KubeObject, "metadata">): string {
  const { name, labels, ownerReferences = [] } = pod.metadata;
  const owner = ownerReferences.find((reference) => reference.controller === true);
  if (owner === undefined) return `pod/${name}`;
  const hash = labels?.["pod-template-hash"];
  if (owner.kind === "ReplicaSet" && hash !== undefined && owner.name.endsWith(`-${hash}`)) {
    return `deployment/${owner.name.slice(0, -hash.length - 1)}`;
  }
  return `${owner.kind.toLowerCase()}/${owner.name}`;
}
