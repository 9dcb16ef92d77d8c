import { z } from "zod";
import type { Kube, KubeObject } from "../kube/kube.ts";
import { controlPlaneLabel } from "../sandbox/sandbox.ts";

const shape = z.looseObject({
  spec: z
    .looseObject({
      unschedulable: z.boolean().default(false),
      taints: z.array(z.looseObject({ key: z.string() })).default([]),
    })
    .prefault({}),
});

/** Whether a node was told to take no more pods. */
export function isCordoned(node: KubeObject): boolean {
  return shape.parse(node).spec.unschedulable;
}

/** Whether the node controller has taken note of that. */
export function hasCordonTaint(node: KubeObject): boolean {
  return shape.parse(node).spec.taints.some(({ key }) => key === "node.kubernetes.io/unschedulable");
}

/** Nodes that do the work, by name; the control plane carries the stage, and is never drained. */
export async function workerNodes(kube: Kube, labelSelector?: string): Promise<KubeObject[]> {
  const nodes = await kube.list({
    apiVersion: "v1",
    kind: "Node",
    ...(labelSelector === undefined ? {} : { labelSelector }),
  });
  return nodes
    .filter((node) => node.metadata.labels?.[controlPlaneLabel] === undefined)
    .sort((a, b) => a.metadata.name.localeCompare(b.metadata.name));
}
