import { z } from "zod";
import { environmentError } from "../../errors.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { poll } from "../../poll.ts";
import type { Runtime } from "../../runtime.ts";

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

/** Waits until every workload among these objects is healthy; throws with the first ones that are not. */
export async function awaitWorkloads(
  rt: Runtime,
  kube: Kube,
  objects: readonly KubeObject[],
  options: { readonly withinMs: number; readonly note: (text: string) => void },
): Promise<void> {
  const waiting = objects.filter(isWorkload);
  const result = await poll<undefined>(
    async () => {
      const problems = await Promise.all(
        waiting.map(async ({ apiVersion, kind, metadata: { name, namespace } }) => {
          const live = await kube.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) });
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
