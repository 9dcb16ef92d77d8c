import { KubeError } from "../../kube/kube-error.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { poll } from "../../poll.ts";
import type { Runtime } from "../../runtime.ts";

const WITHIN_MS = 20_000;

/** A namespace that would not go in time, and what the API server says holds it. */
export interface StuckNamespace {
  readonly namespace: string;
  readonly why: string;
}

// What would make new pods while the old ones go.
const makers = [
  "/apis/apps/v1/namespaces/NS/deployments",
  "/apis/apps/v1/namespaces/NS/statefulsets",
  "/apis/apps/v1/namespaces/NS/daemonsets",
  "/apis/apps/v1/namespaces/NS/replicasets",
  "/apis/batch/v1/namespaces/NS/cronjobs",
  "/apis/batch/v1/namespaces/NS/jobs",
  "/api/v1/namespaces/NS/replicationcontrollers",
];

async function removeAll(kube: Kube, path: string, namespace: string, options: Record<string, unknown>): Promise<void> {
  const body = { apiVersion: "v1", kind: "DeleteOptions", ...options };
  const answer = await kube.request("DELETE", path.replace("NS", encodeURIComponent(namespace)), { body });
  if (answer.status < 300 || answer.status === 404) return;
  throw new KubeError(`could not delete ${path}: ${answer.text.slice(0, 300)}`, { status: answer.status });
}

function sweepPods(kube: Kube, namespace: string): Promise<void> {
  return removeAll(kube, "/api/v1/namespaces/NS/pods", namespace, { gracePeriodSeconds: 1 });
}

/** A namespace that waits for a pod looks again only after half of that pod's grace: so pods go first, with a grace of 1 s. */
async function startRemoval(kube: Kube, namespace: string): Promise<void> {
  await Promise.all(makers.map((path) => removeAll(kube, path, namespace, { propagationPolicy: "Background" })));
  await sweepPods(kube, namespace);
}

function reasonOf({ status }: KubeObject): string {
  const conditions: unknown =
    typeof status === "object" && status !== null && "conditions" in status ? status.conditions : undefined;
  const held = (Array.isArray(conditions) ? conditions : []).filter((one) => one.status === "True");
  return held.map((one) => String(one.message)).join("; ") || "still terminating";
}

/** Removes namespaces with all that is in them, and tells which did not go within 20 s. */
export async function removeNamespaces(
  rt: Pick<Runtime, "clock" | "signal">,
  kube: Kube,
  names: readonly string[],
): Promise<StuckNamespace[]> {
  const time = { clock: rt.clock, signal: rt.signal };
  const end = rt.clock.now() + WITHIN_MS;
  const removed = await Promise.all(
    names.map(async (namespace): Promise<StuckNamespace | undefined> => {
      const ref = { apiVersion: "v1", kind: "Namespace", name: namespace };
      try {
        if ((await kube.get(ref)) === undefined) return undefined;
        await startRemoval(kube, namespace);
        await poll(
          async () => {
            const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace });
            if (pods.length === 0) return { done: true, value: true };
            await sweepPods(kube, namespace);
            return { done: false, seen: `${pods.length} pods are left` };
          },
          { ...time, withinMs: 6000, everyMs: 150 },
        );
        await kube.delete(ref);
      } catch (error) {
        if (error instanceof KubeError && !error.unreachable) return { namespace, why: error.message };
        throw error;
      }
      const gone = await poll(
        async () => {
          const object = await kube.get(ref);
          return object === undefined ? { done: true, value: true } : { done: false, seen: reasonOf(object) };
        },
        { ...time, withinMs: Math.max(0, end - rt.clock.now()), everyMs: 100 },
      );
      return gone.ok ? undefined : { namespace, why: gone.seen };
    }),
  );
  return removed.filter((one) => one !== undefined);
}
