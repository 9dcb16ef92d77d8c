import type { KubeObject } from "./kube.ts";

/** The annotation by which `kubectl apply` knows what was applied before. */
export const lastAppliedKey = "kubectl.kubernetes.io/last-applied-configuration";

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function encode(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${quoted(key)}:${encode(inner)}`).join(",")}}`;
}

/** JSON as Go writes it: keys in order, HTML characters escaped, a newline at the end. */
export function goJson(value: unknown): string {
  return `${encode(value)}\n`;
}

/** The object with the annotation that `kubectl apply` would have given it, byte for byte. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [lastAppliedKey]: _old, ...annotations } = object.metadata.annotations ?? {};
  const { resourceVersion: _version, ...metadata } = object.metadata;
  const plain = { ...object, metadata: { ...metadata, annotations } };
  return { ...plain, metadata: { ...metadata, annotations: { ...annotations, [lastAppliedKey]: goJson(plain) } } };
}
