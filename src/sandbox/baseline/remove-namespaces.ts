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
    const deletedAt = rt.clock.elapsed();
    // Both at once: nothing can be made in it any more, and its controller, which gives pods all the grace they ask for, must not come first.
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
