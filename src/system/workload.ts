import { z } from "zod";
import type { Kube, KubeObject } from "../kube/kube.ts";
import { workloadKind, type WorkloadRef } from "../lab/workload.ts";
import { labelSelector, selectorText } from "../kube/label-selector.ts";

const count = z.number().default(0);

// Zero counters are omitted by the API, so absence is zero; absent replicas in a spec are one.
const shape = z.looseObject({
  spec: z.looseObject({
    replicas: z.number().default(1),
    selector: labelSelector,
    template: z.looseObject({}),
  }),
  status: z
    .looseObject({
      observedGeneration: count,
      availableReplicas: count,
      updatedReplicas: count,
      desiredNumberScheduled: count,
      numberAvailable: count,
      updatedNumberScheduled: count,
    })
    .prefault({}),
});

/** What a workload wants and has. */
export interface WorkloadState {
  readonly desired: number;
  readonly available: number;
  /** Pods of the newest template. */
  readonly updated: number;
  /** The controller has seen the newest spec. */
  readonly observed: boolean;
  /** For list requests. */
  readonly selector: string;
  readonly template: Readonly<Record<string, unknown>>;
}

/** Reads a Deployment, StatefulSet or DaemonSet. */
export function workloadState(object: KubeObject): WorkloadState {
  const { spec, status } = shape.parse(object);
  const daemon = object.kind === "DaemonSet";
  return {
    desired: daemon ? status.desiredNumberScheduled : spec.replicas,
    available: daemon ? status.numberAvailable : status.availableReplicas,
    updated: daemon ? status.updatedNumberScheduled : status.updatedReplicas,
    observed: status.observedGeneration >= (object.metadata.generation ?? 0),
    selector: selectorText(spec.selector),
    template: spec.template,
  };
}

/** The object of a workload; undefined when it does not exist. */
export async function getWorkload(kube: Kube, ref: WorkloadRef, namespace: string): Promise<KubeObject | undefined> {
  const kind = workloadKind(ref);
  if (kind === undefined) throw new Error(`${ref.kind}/${ref.name} is no Kubernetes workload`);
  return kube.get({ apiVersion: "apps/v1", kind, name: ref.name, namespace });
}
