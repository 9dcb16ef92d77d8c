import { stringify } from "safe-stable-stringify";
import type { KubeObject } from "./kube.ts";

/** The annotation by which `kubectl apply` knows what was applied before. */
export const lastAppliedKey = "kubectl.kubernetes.io/last-applied-configuration";

/** JSON as Go writes it: keys in order, HTML characters escaped, a newline at the end. */
function goJson(value: object): string {
  const escaped = stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `${escaped}\n`;
}

/** The object with the annotation that `kubectl apply` would have given it, byte for byte. */
export function withLastApplied(object: KubeObject): KubeObject {
  const { [lastAppliedKey]: _old, ...annotations } = object.metadata.annotations ?? {};
  const { resourceVersion: _version, ...metadata } = object.metadata;
  const plain = { ...object, metadata: { ...metadata, annotations } };
  return { ...plain, metadata: { ...metadata, annotations: { ...annotations, [lastAppliedKey]: goJson(plain) } } };
}
