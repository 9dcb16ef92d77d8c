import type { Clock } from "../lib/clock.ts";
import { poll } from "../lib/poll.ts";
import { KubeError } from "./kube-error.ts";
import type { Kube, KubeObject, ObjectRef } from "./kube.ts";
import { withLastApplied } from "./last-applied.ts";
import { refOf } from "./paths.ts";

const CONFLICT_TRIES = 5;
const GONE_WITHIN_MS = 30_000;
/** Nearly all of their spec is immutable: another one can only take their place. */
const runOnce = new Set(["Pod", "Job"]);

/** What apply needs of a client. */
export interface ApplyCalls extends Pick<Kube, "create" | "get" | "delete"> {
  replace(object: KubeObject): Promise<KubeObject>;
}

function specOf(object: KubeObject): Record<string, unknown> {
  const spec = object["spec"];
  return typeof spec === "object" && spec !== null ? { ...spec } : {};
}

/** The object as an update of the live one: fields that were bound at creation and may not change are carried over. */
function asUpdate(object: KubeObject, live: KubeObject): KubeObject {
  const { resourceVersion } = live.metadata;
  const metadata = resourceVersion === undefined ? object.metadata : { ...object.metadata, resourceVersion };
  if (object.kind !== "PersistentVolumeClaim") return { ...object, metadata };
  const { volumeName, storageClassName, volumeMode } = specOf(live);
  const bound = Object.fromEntries(
    Object.entries({ volumeName, storageClassName, volumeMode }).filter(([, value]) => value !== undefined),
  );
  return { ...object, metadata, spec: { ...bound, ...specOf(object) } };
}

async function recreate(
  calls: ApplyCalls,
  ref: ObjectRef,
  object: KubeObject,
  time: { clock: Clock; signal: AbortSignal },
) {
  await calls.delete(ref, { graceSeconds: 1, propagation: "Background" });
  const gone = await poll(
    async () =>
      (await calls.get(ref)) === undefined ? { done: true, value: true } : { done: false, seen: "still terminating" },
    { ...time, withinMs: GONE_WITHIN_MS, everyMs: 200 },
  );
  if (!gone.ok) throw new KubeError(`${ref.kind} ${ref.name} could not be replaced: ${gone.seen}`, { status: 409 });
  return calls.create(object);
}

/** Create, or replace what is there. A conflict with another writer is tried again on the newer version. */
export async function applyObject(
  calls: ApplyCalls,
  wanted: KubeObject,
  time: { clock: Clock; signal: AbortSignal },
): Promise<KubeObject> {
  const object = withLastApplied(wanted);
  const ref = refOf(object);
  for (let left = CONFLICT_TRIES; ; left -= 1) {
    try {
      return await calls.create(object);
    } catch (error) {
      if (!(error instanceof KubeError) || error.reason !== "AlreadyExists") throw error;
    }
    const live = await calls.get(ref);
    if (live === undefined) continue;
    try {
      return await calls.replace(asUpdate(object, live));
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.status === 422 && runOnce.has(object.kind)) return recreate(calls, ref, object, time);
      const again = error.status === 409 || error.status === 404;
      if (!again || left <= 1) throw error;
    }
  }
}
