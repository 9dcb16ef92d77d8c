import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { workload, workloadText, type WorkloadRef } from "../../lab/workload.ts";
import type { CheckContext } from "../check.ts";
import { kubeOf } from "./sandbox-kube.ts";
import { selectedPods, workloadPods } from "./current-pods.ts";

/** Parameters by which a check names pods: a workload or a label selector. */
export const podTarget = {
  workload: workload.optional(),
  selector: z.string().min(1).optional().describe("A label selector: app=payments"),
  namespace: z.string().optional(),
};

/** What `podTarget` parses. */
export interface PodTarget {
  readonly workload?: WorkloadRef | undefined;
  readonly selector?: string | undefined;
  readonly namespace?: string | undefined;
}

/** True when exactly one of workload and selector is given; the message of the refusal is `oneTarget`. */
export function hasOneTarget(target: PodTarget): boolean {
  return (target.workload === undefined) !== (target.selector === undefined);
}

/** Why a check without exactly one target is refused. */
export const oneTarget = "give either workload or selector";

/** The target in a message. */
export function targetText(target: PodTarget): string {
  return target.workload === undefined ? `pods ${target.selector ?? ""}` : workloadText(target.workload);
}

/** The pods of a target that count, or a sentence on why there can be none. */
export async function targetPods(context: CheckContext, target: PodTarget): Promise<KubeObject[] | string> {
  const kube = kubeOf(context);
  const namespace = target.namespace ?? context.namespace;
  if (target.workload === undefined) return selectedPods(kube, namespace, target.selector ?? "");
  const found = await workloadPods(kube, namespace, target.workload);
  return found === undefined ? `no ${workloadText(target.workload)} in namespace ${namespace}` : [...found.current];
}

/** The command that shows the pods of a target. */
export function lookAtPods(context: CheckContext, target: PodTarget, verb: "get" | "describe" = "get"): string {
  const which = target.selector === undefined ? "" : ` -l '${target.selector}'`;
  return `kubectl -n ${target.namespace ?? context.namespace} ${verb} pods${which}`;
}
