import type { ApiResource, Kube, KubeObject } from "../../kube/kube.ts";
import type { Baseline, BaselineEntry } from "./baseline.ts";
import { keyOf } from "./baseline.ts";
import { digestOf } from "./canonical.ts";
import { comparedKinds, comparedNamespaces, type ComparedKind } from "./compared-kinds.ts";

function entryOf({ apiVersion, kind, pick }: ComparedKind, object: KubeObject): BaselineEntry | undefined {
  const { name, namespace, labels } = object.metadata;
  if (namespace !== undefined && !comparedNamespaces.includes(namespace)) return undefined;
  const fields = pick(object);
  if (fields === undefined) return undefined;
  return {
    apiVersion,
    kind,
    name,
    fields,
    ...(namespace === undefined ? {} : { namespace }),
    ...(labels === undefined ? {} : { labels }),
  };
}

/** Reads the state of the cluster, all kinds side by side. */
export async function captureBaseline(kube: Kube): Promise<Baseline> {
  const served: readonly ApiResource[] = await kube.resources();
  const known = comparedKinds.filter(({ apiVersion, kind }) =>
    served.some((one) => one.apiVersion === apiVersion && one.kind === kind),
  );
  const lists = await Promise.all(
    known.map(async (compared) => {
      const objects = await kube.list({ apiVersion: compared.apiVersion, kind: compared.kind });
      return objects.map((object) => entryOf(compared, object));
    }),
  );
  const entries = lists
    .flat()
    .filter((entry) => entry !== undefined)
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const namespaces = entries.filter(({ kind }) => kind === "Namespace").map(({ name }) => name);
  const compared = entries.map((entry) => [keyOf(entry), entry.fields]);
  return { version: 1, hash: digestOf(compared), namespaces, entries };
}
