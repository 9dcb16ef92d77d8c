import type { KubeObject, KubeMetadata } from "../../kube/kube.ts";

/** Tells what the lab brought from what the learner made: stop owes a sentence only for the latter. */
const ownLabel = { "dev.labs/part": "lab" };

/** Compared with their labels, and there before the lab: one more would be a change of its own. */
const notMarked: ReadonlySet<string> = new Set(["Node", "Namespace"]);

/** A namespace of the lab. */
export function ownNamespace(name: string): KubeObject {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name, labels: ownLabel } };
}

/** A copy that is told apart as the lab's, where it does not go with one of the lab's namespaces; else the object itself. */
export function markOwn(object: KubeObject, namespaces: readonly string[]): KubeObject {
  const { metadata, kind } = object;
  const goes = metadata.namespace !== undefined && namespaces.includes(metadata.namespace);
  if (goes || notMarked.has(kind)) return object;
  return { ...object, metadata: { ...metadata, labels: { ...metadata.labels, ...ownLabel } } };
}

/** True for what the lab itself brought. */
export function isOwn({ labels = {} }: { readonly labels?: KubeMetadata["labels"] }): boolean {
  return Object.entries(ownLabel).every(([key, value]) => labels[key] === value);
}
