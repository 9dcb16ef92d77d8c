import { KubeError } from "../../kube/kube-error.ts";
import type { ApiResource, Kube, KubeObject } from "../../kube/kube.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { endPods, finalizeNamespace, sweepNamespace } from "./empty-namespace.ts";

const WITHIN_MS = 20_000;
/** Pods with a grace of 1 s are gone by then, unless something keeps them: a preStop hook that had begun, a busy node. */
const FORCE_AFTER_MS = 2000;

/** A namespace that would not go in time, and what the API server says holds it. */
export interface StuckNamespace {
  readonly namespace: string;
  readonly why: string;
}

function reasonOf({ status }: KubeObject): string {
  const conditions: unknown =
    typeof status === "object" && status !== null && "conditions" in status ? status.conditions : undefined;
  const held = (Array.isArray(conditions) ? conditions : []).filter((one) => one.status === "True");
  return held.map((one) => String(one.message)).join("; ");
}

/** What still runs by then is left to the deletion of the namespace. */
const DRAINED_WITHIN_MS = 6000;

/**
 * Deletes what is in a namespace, and waits up to 6 s until its pods have ended. A namespace that is empty when it is deleted goes at once; in
 * one that is deleted first, pods that take some seconds to end run into its controller, which is then waited for until 12 s are over.
 */
async function drain(
  rt: Pick<Runtime, "clock" | "signal">,
  kube: Kube,
  namespace: string,
  endNow: (namespace: string) => Promise<void>,
): Promise<void> {
  const startedAt = rt.clock.elapsed();
  let left = await sweepNamespace(kube, namespace);
  let forced = false;
  await poll(
    async () => {
      left = left.filter(({ plural }) => plural === "pods");
      if (left.length === 0) return { done: true, value: true };
      if (!forced && rt.clock.elapsed() - startedAt > FORCE_AFTER_MS) {
        forced = true;
        await Promise.all([endNow(namespace), endPods(kube, namespace, 0)]);
      }
      left = await sweepNamespace(kube, namespace, left);
      return { done: false, seen: "pods" };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: DRAINED_WITHIN_MS, everyMs: 100 },
  );
}

/**
 * Removes namespaces with all that is in them, and tells which did not go within 20 s. `endNow` kills what pods of a namespace run; used where
 * they have not ended after 2 s.
 */
export async function removeNamespaces(
  rt: Pick<Runtime, "clock" | "signal">,
  kube: Kube,
  names: readonly string[],
  endNow: (namespace: string) => Promise<void> = async () => undefined,
): Promise<StuckNamespace[]> {
  const remove = async (namespace: string): Promise<StuckNamespace[]> => {
    const ref = { apiVersion: "v1", kind: "Namespace", name: namespace };
    const before = await kube.get(ref);
    if (before === undefined) return [];
    if (before.metadata.deletionTimestamp === undefined) await drain(rt, kube, namespace, endNow);
    const deletedAt = rt.clock.elapsed();
    // Both at once: whatever was made meanwhile, its controller, which gives pods all the grace they ask for, must not come first.
    const [there] = await Promise.all([kube.delete(ref), endPods(kube, namespace)]);
    if (!there) return [];
    // Nothing new comes into it. So only what there was is looked at again, and all of it once more at the end.
    let left: readonly ApiResource[] = [];
    let forced = false;
    const gone = await poll(
      async () => {
        const object = await kube.get(ref);
        if (object === undefined) return { done: true, value: true };
        if (left.length > 0) left = await sweepNamespace(kube, namespace, left);
        if (left.length === 0) left = await sweepNamespace(kube, namespace);
        if (
          !forced &&
          rt.clock.elapsed() - deletedAt > FORCE_AFTER_MS &&
          left.some(({ plural }) => plural === "pods")
        ) {
          forced = true;
          await Promise.all([endNow(namespace), endPods(kube, namespace, 0)]);
        }
        if (left.length === 0) await finalizeNamespace(kube, rt.clock, namespace, deletedAt);
        const plurals = left.map(({ plural }) => plural).join(", ");
        return { done: false, seen: reasonOf(object) || `${plurals || "nothing"} left in it` };
      },
      { clock: rt.clock, signal: rt.signal, withinMs: WITHIN_MS, everyMs: 100 },
    );
    return gone.ok ? [] : [{ namespace, why: gone.seen }];
  };
  kube.forget();
  const stuck = await Promise.all(
    names.map((namespace) =>
      remove(namespace).catch((error: unknown) => {
        if (!(error instanceof KubeError) || error.unreachable) throw error;
        return [{ namespace, why: error.message }];
      }),
    ),
  );
  return stuck.flat();
}
