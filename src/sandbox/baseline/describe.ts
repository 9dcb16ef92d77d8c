import type { BaselineEntry } from "./baseline.ts";
import { sameJson } from "./canonical.ts";
import { mergePatch, patchedPaths } from "./merge-patch.ts";

/** How people call an object: `kube-system configmap/coredns`, `node labs-…-worker`. */
export function nameOf({ kind, name, namespace }: Pick<BaselineEntry, "kind" | "name" | "namespace">): string {
  if (kind === "Node" || kind === "Namespace") return `${kind.toLowerCase()} ${name}`;
  return `${namespace === undefined ? "" : `${namespace} `}${kind.toLowerCase()}/${name}`;
}

interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

function isTaint(value: unknown): value is Taint {
  return typeof value === "object" && value !== null && "key" in value && "effect" in value;
}

function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined || value === "" ? "" : `=${value}`}:${effect}`;
}

function nodeState({ fields }: BaselineEntry) {
  const { metadata, spec } = fields;
  const labels = typeof metadata === "object" && metadata !== null && "labels" in metadata ? metadata.labels : {};
  const inner = typeof spec === "object" && spec !== null ? spec : {};
  const taints = "taints" in inner && Array.isArray(inner.taints) ? inner.taints.filter(isTaint) : [];
  return {
    labels: new Map(Object.entries(typeof labels === "object" && labels !== null ? labels : {})),
    taints: taints.map(taintText),
    cordoned: "unschedulable" in inner,
  };
}

function describeNode(before: BaselineEntry, now: BaselineEntry): string[] {
  const [old, current] = [nodeState(before), nodeState(now)];
  const node = nameOf(before);
  const put = [...old.labels].filter(([key, value]) => current.labels.get(key) !== value);
  return [
    ...current.taints.filter((one) => !old.taints.includes(one)).map((one) => `${node}: taint ${one} removed`),
    ...old.taints.filter((one) => !current.taints.includes(one)).map((one) => `${node}: taint ${one} put back`),
    ...[...current.labels.keys()].filter((key) => !old.labels.has(key)).map((key) => `${node}: label ${key} removed`),
    ...put.map(([key, value]) => `${node}: label ${key}=${String(value)} put back`),
    ...(current.cordoned && !old.cordoned ? [`${node}: uncordoned`] : []),
    ...(old.cordoned && !current.cordoned ? [`${node}: cordoned again`] : []),
  ];
}

/** Sentences for an object whose fields were put back. */
export function describeChange(before: BaselineEntry, now: BaselineEntry): string[] {
  if (before.kind === "Node") return describeNode(before, now);
  if (sameJson(before.fields, now.fields)) return [];
  const paths = patchedPaths(mergePatch(now.fields, before.fields));
  return [`${nameOf(before)}: ${paths.join(", ")} put back`];
}
