import { randomBytes } from "node:crypto";
import { z } from "zod";
import { KubeError } from "../kube/kube-error.ts";
import type { KubeObject } from "../kube/kube.ts";
import { workloadText, type WorkloadRef } from "../lab/workload.ts";
import type { ActionContext } from "./action.ts";
import { cloneLabel, clonePod } from "./clone-pod.ts";
import { clusterOf } from "./nodes.ts";

const podSpec = z.looseObject({ tolerations: z.array(z.unknown()).default([]) });

const templateLabels = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

/** What copies have beside what their template says. */
export interface ShadowExtras {
  readonly tolerations: readonly unknown[];
  /** The labels of the template too; a copy has none of them otherwise. */
  readonly labels: boolean;
}

const podShape = z.looseObject({
  spec: z.looseObject({ nodeName: z.string().default("") }),
  status: z
    .looseObject({
      conditions: z
        .array(
          z.looseObject({
            type: z.string(),
            status: z.string(),
            reason: z.string().default(""),
            message: z.string().default(""),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** Where a pod was placed, or why the scheduler placed it nowhere; undefined before it has looked. */
export interface Decision {
  readonly node: string;
  readonly why: string;
}

/** What the scheduler has decided about a pod. */
export function decisionOn(pod: KubeObject): Decision | undefined {
  const { spec, status } = podShape.parse(pod);
  if (spec.nodeName !== "") return { node: spec.nodeName, why: "" };
  const refused = status.conditions.find(
    (one) => one.type === "PodScheduled" && one.status === "False" && one.reason === "Unschedulable",
  );
  return refused === undefined ? undefined : { node: "", why: refused.message };
}

/** Pods like a workload's; without its labels no Service selects them. Removed by the journal. */
export function shadowPods(
  template: Readonly<Record<string, unknown>>,
  { of, namespace, count }: { readonly of: WorkloadRef; readonly namespace: string; readonly count: number },
  { tolerations, labels }: ShadowExtras,
): KubeObject[] {
  const own = labels ? templateLabels.parse(template).metadata.labels : {};
  const base = `${of.name.slice(0, 40)}-copy-${randomBytes(3).toString("hex")}`;
  return Array.from({ length: count }, (_, index) => {
    const place = { name: `${base}-${index + 1}`, namespace };
    const pod = clonePod(template, place, { cpuLimit: false, env: [] });
    const spec = podSpec.parse(pod["spec"]);
    return {
      ...pod,
      metadata: { ...pod.metadata, labels: { ...own, ...pod.metadata.labels } },
      spec: { ...spec, tolerations: [...spec.tolerations, ...tolerations] },
    };
  });
}

/** Makes a pod that ends with the experiment; why not, where the learner's own rules refuse it. */
export async function makeShadow(
  context: Pick<ActionContext, "sandbox" | "journal">,
  of: WorkloadRef,
  pod: KubeObject,
): Promise<{ readonly undo: () => Promise<void>; readonly refused?: string }> {
  const { apiVersion, kind, metadata } = pod;
  const params = { apiVersion, kind, name: metadata.name, namespace: metadata.namespace };
  const sentence = `a copy of ${workloadText(of)} was removed`;
  const undo = await context.journal.open({ undo: "remove-object", params, sentence });
  try {
    await clusterOf(context).kube.create(pod);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== 403) throw error;
    return { undo, refused: error.message };
  }
  return { undo };
}

/** The pods of these names that are still there. */
export async function livingShadows(
  { sandbox, namespace }: Pick<ActionContext, "sandbox" | "namespace">,
  names: readonly string[],
): Promise<KubeObject[]> {
  const { kube } = clusterOf({ sandbox });
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: cloneLabel });
  return pods.filter(({ metadata }) => names.includes(metadata.name));
}
