import type { Scope } from "./scope.ts";
import { z } from "zod";
import { kubeOf } from "./objects.ts";
import type { KubeObject } from "../kube/kube.ts";
import { type WorkloadRef, workload, workloadText } from "../lab/workload.ts";
import { containerName } from "../sandbox/sandbox.ts";
import { containerMember } from "./container-member.ts";
import { selectedPods, workloadPods } from "./current-pods.ts";
import type { Member } from "./member.ts";
import { podMember } from "./pod.ts";
import { clusterOf, hasContainers } from "../sandbox/capabilities.ts";

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
export async function targetPods(context: Scope, target: PodTarget): Promise<KubeObject[] | string> {
  const kube = kubeOf(context);
  const namespace = target.namespace ?? context.namespace;
  if (target.workload === undefined) return selectedPods(kube, namespace, target.selector ?? "");
  const found = await workloadPods(kube, namespace, target.workload);
  return found === undefined ? `no ${workloadText(target.workload)} in namespace ${namespace}` : [...found.current];
}

/** The command that shows the pods of a target. */
export function lookAtPods(context: Scope, target: PodTarget, verb: "get" | "describe" = "get"): string {
  const which = target.selector === undefined ? "" : ` -l '${target.selector}'`;
  return `kubectl -n ${target.namespace ?? context.namespace} ${verb} pods${which}`;
}

/** Pods and containers of the lab's stage: its dependencies and loads, which the learner leaves alone. */
export async function stageMembers({ sandbox, lab }: Pick<Scope, "sandbox" | "lab">): Promise<Member[]> {
  if (hasContainers(sandbox)) {
    const names = lab.containers.filter((one) => one.part === "stage").map((one) => containerName(sandbox, one.name));
    const states = await Promise.all(names.map((name) => sandbox.docker.inspect(name)));
    return states.flatMap((state) => (state === undefined ? [] : containerMember(state, `${sandbox.name}-`)));
  }
  const { kube } = clusterOf(sandbox);
  const owners = new Set(
    lab.stage.map(({ kind, metadata }) => {
      const namespace = metadata.namespace ?? lab.namespaces[0] ?? "";
      return `${namespace} ${kind.toLowerCase()}/${metadata.name}`;
    }),
  );
  if (owners.size === 0) return [];
  const lists = await Promise.all(
    lab.namespaces.map((namespace) => kube.list({ apiVersion: "v1", kind: "Pod", namespace })),
  );
  return lists
    .flat()
    .map((pod) => podMember(pod))
    .filter((member) => owners.has(`${member.namespace} ${member.workload}`));
}
