import { clusterClock } from "../../kube/cluster-clock.ts";
import { KubeError } from "../../kube/kube-error.ts";
import type { ApiResource, Kube } from "../../kube/kube.ts";
import { collectionPath, withQuery } from "../../kube/paths.ts";
import type { Clock } from "../../lib/clock.ts";

/** A whole collection goes object by object before the answer comes; hundreds of events on a busy machine take longer than other requests. */
const SWEEP_TIMEOUT_MS = 60_000;

function hasItems(body: unknown): boolean {
  return (
    typeof body === "object" && body !== null && "items" in body && Array.isArray(body.items) && body.items.length > 0
  );
}

async function isUsed(kube: Kube, path: string): Promise<boolean> {
  const { status, text, body } = await kube.request("GET", withQuery(path, { limit: 1 }));
  // A kind that went away between discovery and now holds nothing.
  if (status === 404) return false;
  if (status !== 200) throw new KubeError(`GET ${path}: ${text.slice(0, 200)}`, { status });
  return hasItems(body);
}

/** Deletes the pods of a namespace with a grace of 1 s; with 0 s the API server forgets them at once. */
export async function endPods(kube: Kube, namespace: string, graceSeconds: 0 | 1 = 1): Promise<void> {
  const body = {
    apiVersion: "v1",
    kind: "DeleteOptions",
    propagationPolicy: "Background",
    gracePeriodSeconds: graceSeconds,
  };
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  await kube.request("DELETE", path, { body, timeoutMs: SWEEP_TIMEOUT_MS });
}

/** Events are served under two names; there are many of them, and deleting each twice takes as long again. */
function isSecondEvent({ apiVersion, plural }: ApiResource): boolean {
  return plural === "events" && apiVersion.startsWith("events.k8s.io/");
}

/** Deletes all that is in a namespace that is going, of some kinds or of all, and tells of which there was something. Pods get a grace of 1 s. */
export async function sweepNamespace(
  kube: Kube,
  namespace: string,
  kinds?: readonly ApiResource[],
): Promise<ApiResource[]> {
  const swept = async (resource: ApiResource): Promise<ApiResource[]> => {
    const path = collectionPath(resource, namespace);
    if (!(await isUsed(kube, path))) return [];
    if (resource.plural === "pods") await endPods(kube, namespace);
    else
      await kube.request("DELETE", path, {
        body: { apiVersion: "v1", kind: "DeleteOptions", propagationPolicy: "Background" },
        timeoutMs: SWEEP_TIMEOUT_MS,
      });
    return [resource];
  };
  const resources = (kinds ?? (await kube.resources())).filter(
    (one) =>
      one.namespaced && one.verbs.includes("list") && one.verbs.includes("deletecollection") && !isSecondEvent(one),
  );
  return (await Promise.all(resources.map(swept))).flat();
}

/** The controller of namespaces looks 5 s after a deletion; sooner than that, with a margin, nobody else is at work on one. */
const ALONE_MS = 3000;
/** By then it has looked, and lets go what it found empty. If it found pods, it waits as long as they ask for. */
const LOOKED_MS = 12_000;

/**
 * Lets an empty, terminating namespace go, unless its controller is at work on it; `deletedAt` is when we deleted it, by the clock's `elapsed`. The controller would
 * do the same, but waits 5 s before it looks: with several API servers others may not know yet that it is terminating, and ours is one. Once
 * it looks, it empties namespaces by name, and would go on with a new one of the same name.
 */
export async function finalizeNamespace(
  kube: Kube,
  clock: Pick<Clock, "now" | "elapsed">,
  namespace: string,
  deletedAt: number,
): Promise<void> {
  const object = await kube.get({ apiVersion: "v1", kind: "Namespace", name: namespace });
  const spec = object?.["spec"];
  if (object?.metadata.deletionTimestamp === undefined || typeof spec !== "object" || spec === null) return;
  // The controller counts from the first deletion, which may be another program's and earlier than ours.
  const toElapsed = await clusterClock(kube, clock);
  const age = clock.elapsed() - Math.min(deletedAt, toElapsed(Date.parse(object.metadata.deletionTimestamp)));
  if (age > ALONE_MS && age < LOOKED_MS) return;
  const finalizers = "finalizers" in spec && Array.isArray(spec.finalizers) ? spec.finalizers : [];
  const left = finalizers.filter((one: unknown) => one !== "kubernetes");
  if (left.length === finalizers.length) return;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/finalize`;
  await kube.request("PUT", path, { body: { ...object, spec: { ...spec, finalizers: left } } });
}
