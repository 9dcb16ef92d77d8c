import { KubeError } from "../../kube/kube-error.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { refOf } from "../../kube/paths.ts";
import type { BaselineEntry } from "./baseline.ts";
import { describeChange, nameOf } from "./describe.ts";
import { mergePatch } from "./merge-patch.ts";

function objectFrom({ apiVersion, kind, name, namespace, fields, labels }: BaselineEntry): KubeObject {
  const { metadata, ...rest } = fields;
  const extra = typeof metadata === "object" && metadata !== null ? metadata : {};
  const names = { name, ...(namespace === undefined ? {} : { namespace }) };
  return { apiVersion, kind, metadata: { ...names, ...(labels === undefined ? {} : { labels }), ...extra }, ...rest };
}

/** Deletes what came. */
export async function removeAddition(kube: Kube, entry: BaselineEntry): Promise<string[]> {
  const grace = entry.kind === "Pod" ? { graceSeconds: 1 } : {};
  const was = await kube.delete(refOf(objectFrom(entry)), { propagation: "Background", ...grace });
  return was ? [`${nameOf(entry)} removed`] : [];
}

/** Makes what went anew; a controller may have been faster. */
export async function recreateDeletion(kube: Kube, entry: BaselineEntry): Promise<string[]> {
  try {
    await kube.create(objectFrom(entry));
  } catch (error) {
    if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
  }
  return [`${nameOf(entry)} recreated`];
}

/** Puts changed fields back; an object whose fields may not be changed is made anew. */
export async function revertChange(kube: Kube, before: BaselineEntry, now: BaselineEntry): Promise<string[]> {
  try {
    await kube.patch(refOf(objectFrom(before)), mergePatch(now.fields, before.fields), "merge");
  } catch (error) {
    const immutable = error instanceof KubeError && error.status === 422 && before.kind !== "Node";
    if (!immutable) throw error;
    await kube.delete(refOf(objectFrom(before)), { propagation: "Background" });
    await kube.create(objectFrom(before));
  }
  return describeChange(before, now);
}
