import { randomBytes } from "node:crypto";
import { z } from "zod";
import { KubeError } from "../../../kube/kube-error.ts";
import type { KubeObject } from "../../../kube/kube.ts";
import { type WorkloadRef, workloadText } from "../../../lab/workload.ts";
import type { ActionContext } from "../../action.ts";
import { clusterOf } from "../../../sandbox/capabilities.ts";

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
    await clusterOf(context.sandbox).kube.create(pod);
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
  const { kube } = clusterOf(sandbox);
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: cloneLabel });
  return pods.filter(({ metadata }) => names.includes(metadata.name));
}

/** The only label of a clone, unless its maker adds others: no Service and no workload of the learner selects it. */
export const cloneLabel = "dev.labs/clone";

const templateShape = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }).prefault({}),
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        env: z.array(z.looseObject({ name: z.string() })).optional(),
        resources: z.looseObject({ limits: z.record(z.string(), z.unknown()).optional() }).optional(),
      }),
    ),
  }),
});

type Container = z.infer<typeof templateShape>["spec"]["containers"][number];

function without({ cpuLimit, env }: LeftOut, container: Container): Container {
  const { cpu, ...limits } = container.resources?.limits ?? {};
  return {
    ...container,
    ...(container.env === undefined ? {} : { env: container.env.filter((entry) => !env.includes(entry.name)) }),
    ...(cpuLimit && cpu !== undefined ? { resources: { ...container.resources, limits } } : {}),
  };
}

/** Longer than any experiment. A pod that ends by itself is also none that a quota for those that stay counts. */
const DEADLINE_SECONDS = 15 * 60;

/** A single pod made from the template of a workload, with some of it left out. */
export function clonePod(
  template: Readonly<Record<string, unknown>>,
  place: { readonly name: string; readonly namespace: string },
  leftOut: LeftOut,
): KubeObject {
  const { metadata, spec } = templateShape.parse(template);
  const { annotations } = metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...place,
      labels: { [cloneLabel]: place.name },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      ...spec,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      containers: spec.containers.map((container) => without(leftOut, container)),
    },
  };
}

const DROP = /^(?:cpu-limit|env [A-Za-z_][A-Za-z0-9_]*)$/;

const one = z.string().regex(DROP, "write cpu-limit or env NAME");

/** What a clone leaves out: `cpu-limit`, `env GOMAXPROCS`, or several of them. */
export const leftOut = z
  .union([one, z.array(one)])
  .default([])
  .transform((value): LeftOut => {
    const list = typeof value === "string" ? [value] : value;
    return {
      cpuLimit: list.includes("cpu-limit"),
      env: list.filter((item) => item.startsWith("env ")).map((item) => item.slice("env ".length)),
    };
  });

/** The parts of a workload that a clone leaves out. */
export interface LeftOut {
  readonly cpuLimit: boolean;
  readonly env: readonly string[];
}
