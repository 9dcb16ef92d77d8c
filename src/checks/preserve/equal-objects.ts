import { isDeepStrictEqual } from "node:util";
import { firstDifference } from "../../kube/first-difference.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { at } from "../../lib/fields.ts";
import { objectText } from "../../system/objects.ts";

function named(list: readonly KubeObject[], name: string): KubeObject | undefined {
  return list.find((one) => one.metadata.name === name);
}

/** Objects of these kinds in the namespaces are the reference's: none missing, none new, the same spec. */
export async function equalObjects(
  kube: Kube,
  kinds: readonly { readonly apiVersion: string; readonly kind: string }[],
  namespaces: readonly string[],
  reference: readonly KubeObject[],
): Promise<string[]> {
  const places = kinds.flatMap((kind) => namespaces.map((namespace) => ({ ...kind, namespace })));
  const problems = await Promise.all(
    places.map(async ({ apiVersion, kind, namespace }) => {
      const live = await kube.list({ apiVersion, kind, namespace });
      const before = reference.filter((one) => one.kind === kind && one.metadata.namespace === namespace);
      const differing = before.flatMap((one) => {
        const now = named(live, one.metadata.name);
        if (now === undefined) return [`${objectText(one)} is gone`];
        return isDeepStrictEqual(at(now, "spec"), at(one, "spec")) ? [] : [`${objectText(one)} has another spec`];
      });
      const added = live.filter((one) => named(before, one.metadata.name) === undefined);
      return [...differing, ...added.map((one) => `${objectText(one)} was not there`)];
    }),
  );
  return problems.flat();
}

const ignoredLabels = /^(kubernetes\.io|beta\.kubernetes\.io|node\.kubernetes\.io)\//;
const ignoredTaints = /^node\.kubernetes\.io\//;

function nodeShape(node: KubeObject): unknown {
  const taints = at(node, "spec", "taints");
  const own = (Array.isArray(taints) ? taints : []).filter(
    (taint: unknown) => !ignoredTaints.test(String(at(taint, "key"))),
  );
  const labels = Object.entries(node.metadata.labels ?? {}).filter(([key]) => !ignoredLabels.test(key));
  return {
    taints: own.map((taint: unknown) => [at(taint, "key"), at(taint, "value"), at(taint, "effect")].join(" ")).sort(),
    labels: Object.fromEntries(labels),
    unschedulable: at(node, "spec", "unschedulable") === true,
  };
}

/** Nodes that the lab set up have the labels and taints that it gave them, and take pods if they did. */
export async function nodeProblems(kube: Kube, reference: readonly KubeObject[]): Promise<string[]> {
  const before = reference.filter((object) => object.kind === "Node");
  if (before.length === 0) return [];
  const live = await kube.list({ apiVersion: "v1", kind: "Node" });
  return before.flatMap((node) => {
    const now = live.find((one) => one.metadata.name === node.metadata.name);
    if (now === undefined) return [`${objectText(node)} is gone`];
    const same = isDeepStrictEqual(nodeShape(now), nodeShape(node));
    return same ? [] : [`${objectText(node)} has other labels or taints, or is cordoned`];
  });
}

/** The objects that the lab brought into kube-system are as they were. */
export async function systemProblems(kube: Kube, reference: readonly KubeObject[]): Promise<string[]> {
  const before = reference.filter((object) => object.metadata.namespace === "kube-system");
  return (await Promise.all(before.map((object) => changed(kube, object)))).flat();
}

/** What is wrong with one object that must be as it was applied; none where it is. */
export async function changed(kube: Kube, object: KubeObject): Promise<string[]> {
  const { apiVersion, kind, metadata } = object;
  const where = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  const now = await kube.get({ apiVersion, kind, name: metadata.name, ...where });
  const place = metadata.namespace === undefined ? "" : ` in ${metadata.namespace}`;
  if (now === undefined) return [`${objectText(object)}${place} is gone`];
  if (now.metadata.deletionTimestamp !== undefined) return [`${objectText(object)}${place} is being deleted`];
  const differing = firstDifference(object, now);
  return differing === undefined ? [] : [`${objectText(object)}${place} was changed: ${differing}`];
}
