import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import type { Kube, KubeObject, ObjectRef } from "../../kube/kube.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { applyObjects } from "./apply-objects.ts";

const counts = z.looseObject({
  metadata: z.looseObject({ generation: z.number().default(0) }),
  spec: z.looseObject({ replicas: z.number().default(1) }).default({ replicas: 1 }),
  status: z
    .looseObject({
      observedGeneration: z.number().default(0),
      readyReplicas: z.number().default(0),
      updatedReplicas: z.number().default(0),
      replicas: z.number().default(0),
      desiredNumberScheduled: z.number().optional(),
      numberReady: z.number().default(0),
    })
    .prefault({}),
});

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): ObjectRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

const kinds = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** True for kinds whose health `awaitWorkloads` can tell. */
export function isWorkload(object: KubeObject): boolean {
  return kinds.has(object.kind);
}

/** Undefined when a workload runs as it should; else what is missing, as "2 of 4 pods ready". */
export function workloadProblem(object: KubeObject): string | undefined {
  const { metadata, spec, status } = counts.parse(object);
  if (status.observedGeneration < metadata.generation) return "not yet observed by its controller";
  const desired = object.kind === "DaemonSet" ? (status.desiredNumberScheduled ?? 1) : spec.replicas;
  const ready = object.kind === "DaemonSet" ? status.numberReady : status.readyReplicas;
  if (ready < desired) return `${ready} of ${desired} pods ready`;
  const settled = object.kind === "DaemonSet" || (status.updatedReplicas >= desired && status.replicas <= desired);
  return settled ? undefined : "old pods are still there";
}

/** How long to wait, and what to do about a workload that is not there; default nothing. */
export interface AwaitOptions {
  readonly withinMs: number;
  readonly note: (text: string) => void;
  readonly onMissing?: (object: KubeObject) => Promise<unknown>;
}

/** Waits until every workload among these objects is healthy; throws with the first ones that are not. */
export async function awaitWorkloads(
  rt: Runtime,
  kube: Kube,
  objects: readonly KubeObject[],
  options: AwaitOptions,
): Promise<void> {
  const waiting = objects.filter(isWorkload);
  const result = await poll<undefined>(
    async () => {
      const problems = await Promise.all(
        waiting.map(async (object) => {
          const { kind, metadata } = object;
          const { name } = metadata;
          const live = await kube.get(refOf(object));
          if (live === undefined) await options.onMissing?.(object);
          const problem = live === undefined ? "not there" : workloadProblem(live);
          return problem === undefined ? [] : [`${kind.toLowerCase()}/${name}: ${problem}`];
        }),
      );
      const seen = problems.flat().join("; ");
      return seen === "" ? { done: true, value: undefined } : { done: false, seen };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: options.withinMs, everyMs: 300, onLook: options.note },
  );
  if (result.ok) return;
  throw environmentError(
    `the healthy system did not come up within ${Math.round(options.withinMs / 1000)} s: ${result.seen}`,
    { cure: `${rt.program} doctor, then start the lab again` },
  );
}

/**
 * Waits until all of these objects are there and the workloads among them are healthy. What has gone is laid down again: the controller of
 * namespaces empties them by name, and may have been at work on one of the same name when it was made anew.
 */
export async function awaitObjects(
  rt: Runtime,
  kube: Kube,
  objects: readonly KubeObject[],
  options: AwaitOptions,
): Promise<void> {
  const whole = { ...options, onMissing: async (object: KubeObject) => kube.apply(object) };
  await awaitWorkloads(rt, kube, objects, whole);
  const live = await Promise.all(objects.map((object) => kube.get(refOf(object))));
  const gone = objects.filter((_object, index) => live[index] === undefined);
  if (gone.length === 0) return;
  for (const { kind, metadata } of gone)
    options.note(`${kind.toLowerCase()}/${metadata.name} has gone, and is made again`);
  await applyObjects(kube, gone);
  await awaitWorkloads(rt, kube, objects, whole);
}
