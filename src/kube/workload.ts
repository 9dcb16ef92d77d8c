import { z } from "zod";
import { listAt, textAt } from "../lib/fields.ts";
import type { KubeObject } from "./kube.ts";
import { labelSelector, selectorText } from "./label-selector.ts";

const count = z.number().default(0);

// Zero counters are omitted by the API, so absence is zero; absent replicas in a spec are one.
const shape = z.looseObject({
  spec: z
    .looseObject({
      replicas: z.number().default(1),
      selector: labelSelector.prefault({}),
      template: z.looseObject({}).default({}),
    })
    .prefault({}),
  status: z
    .looseObject({
      observedGeneration: count,
      replicas: count,
      readyReplicas: count,
      availableReplicas: count,
      updatedReplicas: count,
      desiredNumberScheduled: count,
      numberReady: count,
      numberAvailable: count,
      updatedNumberScheduled: count,
    })
    .prefault({}),
});

/** What a workload wants and has, as its controller counts. */
export interface WorkloadState {
  readonly desired: number;
  /** Pods of every template; those that are terminating do not count. A DaemonSet does not count them: `desired`. */
  readonly replicas: number;
  readonly ready: number;
  readonly available: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** The controller has seen the newest spec. */
  readonly observed: boolean;
  /** For list requests. */
  readonly selector: string;
  readonly template: Readonly<Record<string, unknown>>;
}

const kinds: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

/** True for the kinds that `workloadState` reads. */
export function isWorkload(object: KubeObject): boolean {
  return kinds.has(object.kind);
}

/** Reads a Deployment, StatefulSet or DaemonSet. */
export function workloadState(object: KubeObject): WorkloadState {
  const { spec, status } = shape.parse(object);
  const common = {
    observed: status.observedGeneration >= (object.metadata.generation ?? 0),
    selector: selectorText(spec.selector),
    template: spec.template,
  };
  if (object.kind === "DaemonSet") {
    const desired = status.desiredNumberScheduled;
    const { numberReady: ready, numberAvailable: available, updatedNumberScheduled: updated } = status;
    return { desired, replicas: desired, ready, available, updated, ...common };
  }
  const { replicas, readyReplicas: ready, availableReplicas: available, updatedReplicas: updated } = status;
  return { desired: spec.replicas, replicas, ready, available, updated, ...common };
}

/**
 * How far a workload has rolled out: `whole`, or what is in the way: `unobserved` (its controller has not seen its newest spec), `short` (too
 * few pods of the newest template, ready ones or available ones), `old` (more pods than it wants).
 */
export type Rollout = "whole" | "unobserved" | "short" | "old";

/** The one judgement on whether a workload is ready; pods that are leaving are not counted by controllers, and not judged here. */
export function rollout({ observed, desired, replicas, updated, ready, available }: WorkloadState): Rollout {
  if (!observed) return "unobserved";
  if (updated < desired || ready < desired || available < desired) return "short";
  return replicas > desired ? "old" : "whole";
}

/** True when the Ready condition of a pod or node holds. */
export function isReady(object: KubeObject): boolean {
  return listAt(object, "status", "conditions").some(
    (condition) => textAt(condition, "type") === "Ready" && textAt(condition, "status") === "True",
  );
}
