import type { Scope } from "./scope.ts";
import { z } from "zod";
import { containerName, type DockerSandbox } from "../sandbox/sandbox.ts";
import { workloadText, type WorkloadRef } from "../lab/workload.ts";
import type { Kube } from "../kube/kube.ts";
import { containerMember } from "./container-member.ts";
import { workloadPods } from "./current-pods.ts";
import { selectorText } from "../kube/label-selector.ts";
import type { Member } from "./member.ts";
import { podMember } from "./pod.ts";
import { targetWorkload, type TargetRef } from "../lab/target.ts";
import { clusterOf, hasContainers } from "../sandbox/capabilities.ts";

type Where = Pick<Scope, "sandbox" | "namespace">;

const serviceShape = z.looseObject({
  spec: z.looseObject({ selector: z.record(z.string(), z.string()).default({}) }),
});

async function containerOf(sandbox: DockerSandbox, short: string): Promise<Member[]> {
  const state = await sandbox.docker.inspect(containerName(sandbox, short));
  return state === undefined ? [] : [containerMember(state, `${sandbox.name}-`)];
}

async function podsOf(kube: Kube, namespace: string, labels: string): Promise<Member[]> {
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: labels });
  return pods.map((pod) => podMember(pod));
}

/** Pods of a workload (terminating ones too), or the container; by name. Empty when there is none. */
export async function workloadMembers(where: Where, ref: WorkloadRef): Promise<Member[]> {
  if (hasContainers(where.sandbox)) return containerOf(where.sandbox, ref.name);
  const { kube } = clusterOf(where.sandbox);
  const found = await workloadPods(kube, where.namespace, ref);
  if (found === undefined) return [];
  const members = [...found.current, ...found.old].map((pod) => ({ ...podMember(pod), workload: workloadText(ref) }));
  return members.sort((a, b) => a.name.localeCompare(b.name));
}

/** Who answers behind a target: pods that a Service selects, one pod, or the members of a workload. */
export async function targetMembers(where: Where, ref: TargetRef): Promise<Member[]> {
  const workload = targetWorkload(ref);
  if (workload !== undefined) return workloadMembers(where, workload);
  if (hasContainers(where.sandbox)) return containerOf(where.sandbox, ref.name);
  const { kube } = clusterOf(where.sandbox);
  const { name } = ref;
  if (ref.kind === "pod") {
    const pod = await kube.get({ apiVersion: "v1", kind: "Pod", name, namespace: where.namespace });
    return pod === undefined ? [] : [podMember(pod)];
  }
  const service = await kube.get({ apiVersion: "v1", kind: "Service", name, namespace: where.namespace });
  if (service === undefined) return [];
  const { selector } = serviceShape.parse(service).spec;
  if (Object.keys(selector).length === 0) return [];
  const labels = selectorText({ matchLabels: selector, matchExpressions: [] });
  return (await podsOf(kube, where.namespace, labels)).sort((a, b) => a.name.localeCompare(b.name));
}
