import { z } from "zod";
import type { Kube, KubeObject } from "../kube/kube.ts";
import { podMember } from "./pod.ts";

/** Key of the taint of nodes that experiments let join. */
export const newNodeKey = "dev.labs/new-node";

const specShape = z.looseObject({ taints: z.array(z.looseObject({ key: z.string() })).default([]) }).prefault({});

/** Removes a node that no kubelet serves, the pods on it, and the canary of its name, wherever that is. */
export async function removeNodeAndPods(kube: Kube, name: string): Promise<void> {
  await kube.delete({ apiVersion: "v1", kind: "Node", name });
  // Nobody there ends them, and the cluster itself takes a minute to find out. After the node, or its DaemonSets would make new ones.
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod" });
  const there = pods.map((pod) => podMember(pod)).filter((pod) => pod.node === name || pod.name === name);
  await Promise.all(
    there.map(({ name: pod, namespace, uid }) =>
      kube.delete({ apiVersion: "v1", kind: "Pod", name: pod, namespace }, { graceSeconds: 0, uid }),
    ),
  );
}

function joined(node: KubeObject): boolean {
  return specShape.parse(node["spec"]).taints.some(({ key }) => key === newNodeKey);
}

/** Removes the nodes that experiments let join and that nobody took away, after a crash. */
export async function removeNewNodes(kube: Kube): Promise<void> {
  const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
  await Promise.all(nodes.filter(joined).map(({ metadata }) => removeNodeAndPods(kube, metadata.name)));
}
