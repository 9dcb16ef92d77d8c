import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import type { LabNode } from "../../lab/lab.ts";

/** What a lab gave to a node is written on it, so that stop can tell it from the learner's own, without the lab's files. */
const given = "dev.labs/given";

const taint = z.object({ key: z.string(), value: z.string().optional(), effect: z.string() });
const giftShape = z.object({ labels: z.record(z.string(), z.string()), taints: z.array(taint) });
const specShape = z.object({ taints: z.array(z.looseObject(taint.shape)).default([]) }).prefault({});

function ref(name: string) {
  return { apiVersion: "v1", kind: "Node", name };
}

function nodeName(nodes: readonly string[], worker: number): string {
  const name = nodes[worker];
  if (name === undefined) throw environmentError(`the sandbox has no worker ${worker}`);
  return name;
}

/** Gives nodes their labels and taints. `names`: control plane first, as the sandbox lists them. */
export async function dressNodes(kube: Kube, names: readonly string[], nodes: readonly LabNode[]): Promise<void> {
  await Promise.all(
    nodes.map(async ({ worker, labels, taints }) => {
      const annotations = { [given]: JSON.stringify({ labels, taints }) };
      // A strategic patch adds taints by their key; those of the cluster itself stay.
      const spec = taints.length === 0 ? {} : { spec: { taints } };
      await kube.patch(ref(nodeName(names, worker)), { metadata: { labels, annotations }, ...spec }, "strategic");
    }),
  );
}

/** The nodes that a lab dressed, as a reference keeps them: without their status, which is long and always changes. */
export async function dressedNodes(
  kube: Kube,
  names: readonly string[],
  nodes: readonly LabNode[],
): Promise<KubeObject[]> {
  const found = await Promise.all(nodes.map(({ worker }) => kube.get(ref(nodeName(names, worker)))));
  return found.flatMap((node) => {
    if (node === undefined) return [];
    const { apiVersion, kind, metadata, spec } = node;
    const { name, labels = {} } = metadata;
    return [{ apiVersion, kind, metadata: { name, labels }, spec }];
  });
}

function giftOn(node: KubeObject): z.infer<typeof giftShape> | undefined {
  const text = node.metadata.annotations?.[given];
  if (text === undefined) return undefined;
  try {
    return giftShape.parse(JSON.parse(text));
  } catch {
    // Somebody wrote over it: then whatever differs from the baseline is taken for theirs.
    return { labels: {}, taints: [] };
  }
}

/** Takes off what a lab gave to nodes and is still as given; what the learner made of it is left for the baseline to find. */
export async function undressNodes(kube: Kube): Promise<void> {
  const nodes = await kube.list({ apiVersion: "v1", kind: "Node" });
  await Promise.all(
    nodes.map(async (node) => {
      const gift = giftOn(node);
      if (gift === undefined) return;
      const own = Object.entries(gift.labels).filter(([key, value]) => node.metadata.labels?.[key] === value);
      const taints = specShape.parse(node["spec"]).taints;
      const left = taints.filter((one) => !gift.taints.some((ours) => isDeepStrictEqual(taint.parse(one), ours)));
      await kube.patch(
        ref(node.metadata.name),
        {
          metadata: { labels: Object.fromEntries(own.map(([key]) => [key, null])), annotations: { [given]: null } },
          ...(left.length === taints.length ? {} : { spec: { taints: left } }),
        },
        "merge",
      );
    }),
  );
}
