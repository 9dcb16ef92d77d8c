import { environmentError } from "../../lib/errors.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { refOf } from "../../kube/paths.ts";
import { isWorkload, rollout, workloadState } from "../../kube/workload.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { applyObjects } from "./apply-objects.ts";

/** Undefined when a workload runs as it should; else what is missing, as "2 of 4 pods ready". */
export function workloadProblem(object: KubeObject): string | undefined {
  const state = workloadState(object);
  const { desired, ready, updated, available } = state;
  switch (rollout(state)) {
    case "whole":
      return undefined;
    case "unobserved":
      return "not yet observed by its controller";
    case "short":
      if (ready < desired) return `${ready} of ${desired} pods ready`;
      return updated < desired ? "old pods are still there" : `${available} of ${desired} pods available`;
    default:
      return "old pods are still there";
  }
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
