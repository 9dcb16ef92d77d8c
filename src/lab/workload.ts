import { z } from "zod";

/** Something that keeps copies of a program running: a Kubernetes workload, or a container of a Docker lab. */
export interface WorkloadRef {
  readonly kind: "deployment" | "statefulset" | "daemonset" | "container";
  readonly name: string;
}

const WORKLOAD = /^(deployment|statefulset|daemonset|container)\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/;

const KUBE_KINDS = { deployment: "Deployment", statefulset: "StatefulSet", daemonset: "DaemonSet" } as const;

function isKind(text: string | undefined): text is WorkloadRef["kind"] {
  return text === "deployment" || text === "statefulset" || text === "daemonset" || text === "container";
}

/** Reads `deployment/payments`, `container/api`; undefined when it is something else. */
export function parseWorkload(text: string): WorkloadRef | undefined {
  const [, kind, name] = WORKLOAD.exec(text) ?? [];
  return isKind(kind) && name !== undefined ? { kind, name } : undefined;
}

/** `deployment/payments`, as lab files, records and messages write it. */
export function workloadText(ref: WorkloadRef): string {
  return `${ref.kind}/${ref.name}`;
}

/** The Kubernetes kind (all in apps/v1), undefined for a container. */
export function workloadKind(ref: WorkloadRef): "Deployment" | "StatefulSet" | "DaemonSet" | undefined {
  return ref.kind === "container" ? undefined : KUBE_KINDS[ref.kind];
}

/** A workload named in a lab file, kept as text. */
export const workloadName = z
  .string()
  .regex(WORKLOAD, "write a workload as deployment/NAME, statefulset/NAME, daemonset/NAME or container/NAME")
  .describe("deployment/NAME, statefulset/NAME, daemonset/NAME or container/NAME");

/** A workload named in a lab file. */
export const workload = workloadName.transform((text, context): WorkloadRef => {
  const ref = parseWorkload(text);
  if (ref !== undefined) return ref;
  context.addIssue({ code: "custom", message: "not a workload" });
  return z.NEVER;
});
