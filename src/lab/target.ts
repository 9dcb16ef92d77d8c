import { z } from "zod";
import type { WorkloadRef } from "./workload.ts";

/** Where a load goes: a Service, one pod, or every pod of a workload. */
export interface TargetRef {
  readonly kind: "service" | "pod" | WorkloadRef["kind"];
  readonly name: string;
}

const TARGET = /^(service|pod|deployment|statefulset|daemonset|container)\/([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/;
const KINDS: readonly TargetRef["kind"][] = ["service", "pod", "deployment", "statefulset", "daemonset", "container"];

/** Reads `service/checkout`, `deployment/api` and the like; undefined when it is something else. */
export function parseTarget(text: string): TargetRef | undefined {
  const [, word, name] = TARGET.exec(text) ?? [];
  const kind = KINDS.find((known) => known === word);
  return kind !== undefined && name !== undefined ? { kind, name } : undefined;
}

/** As lab files write it. */
export function targetText(ref: TargetRef): string {
  return `${ref.kind}/${ref.name}`;
}

/** The workload behind a target; undefined for a Service and for a single pod. */
export function targetWorkload(ref: TargetRef): WorkloadRef | undefined {
  const { kind, name } = ref;
  return kind === "service" || kind === "pod" ? undefined : { kind, name };
}

/** A target in a lab file. */
export const target = z
  .string()
  .regex(TARGET, "write a target as service/NAME, deployment/NAME (each of its pods), pod/NAME or container/NAME")
  .describe(
    "service/NAME, deployment/NAME (each of its pods), statefulset/NAME, daemonset/NAME, pod/NAME or container/NAME",
  )
  .transform((text, context): TargetRef => {
    const ref = parseTarget(text);
    if (ref !== undefined) return ref;
    context.addIssue({ code: "custom", message: "not a target" });
    return z.NEVER;
  });
