import type { Kube, KubeObject } from "../../kube/kube.ts";

/** Kinds that others refer to come first; a workload that starts before its ConfigMap would look broken for seconds. */
const order = [
  "Namespace",
  "CustomResourceDefinition",
  "PriorityClass",
  "StorageClass",
  "ServiceAccount",
  "ConfigMap",
  "Secret",
  "ResourceQuota",
  "LimitRange",
];
const workloads = ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "Pod"];

function rank(kind: string): number {
  const first = order.indexOf(kind);
  if (first >= 0) return first;
  return workloads.includes(kind) ? order.length + 1 : order.length;
}

/** Applies objects, those that others refer to first, equals side by side. Throws the first KubeError with the object's name. */
export async function applyObjects(kube: Kube, objects: readonly KubeObject[]): Promise<void> {
  const ranks = [...new Set(objects.map((object) => rank(object.kind)))].sort((a, b) => a - b);
  for (const wanted of ranks) {
    await Promise.all(objects.filter((object) => rank(object.kind) === wanted).map((object) => kube.apply(object)));
  }
}
