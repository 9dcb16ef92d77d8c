import type { ApiResource, KubeObject, ObjectRef } from "./kube.ts";

function segment(text: string): string {
  return encodeURIComponent(text);
}

/** Path of a collection; undefined namespace: all namespaces, or a resource without. */
export function collectionPath(resource: ApiResource, namespace?: string): string {
  const root = resource.apiVersion.includes("/") ? `/apis/${resource.apiVersion}` : `/api/${resource.apiVersion}`;
  const within = resource.namespaced && namespace !== undefined ? `/namespaces/${segment(namespace)}` : "";
  return `${root}${within}/${resource.plural}`;
}

/** Path of one object. A namespaced object without namespace is in `default`, as for kubectl. */
export function objectPath(resource: ApiResource, ref: { name: string; namespace?: string }): string {
  return `${collectionPath(resource, ref.namespace ?? "default")}/${segment(ref.name)}`;
}

/** A path with its query; undefined values are left out. */
export function withQuery(
  path: string,
  query: Readonly<Record<string, string | number | boolean | undefined>>,
): string {
  const parts = Object.entries(query).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${encodeURIComponent(String(value))}`],
  );
  return parts.length === 0 ? path : `${path}?${parts.join("&")}`;
}

/** What names an object. */
export function refOf({
  apiVersion,
  kind,
  metadata: { name, namespace },
}: KubeObject): ObjectRef & { apiVersion: string } {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}
