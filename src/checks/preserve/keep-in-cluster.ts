import type { Kube, KubeObject } from "../../kube/kube.ts";
import { kubeOf, objectText } from "../../system/objects.ts";
import type { CheckContext } from "../check.ts";
import { baselineProblems } from "./against-baseline.ts";
import { budgetProblems } from "./budget.ts";
import { equalObjects, nodeProblems, systemProblems } from "./equal-objects.ts";
import type { Kept, Keyword } from "./kept.ts";
import { type WorkloadRule, image, labels, limits, probes, replicas, requests } from "./workload-rules.ts";

const workloadRules: Partial<Record<Keyword, WorkloadRule>> = { replicas, image, labels, probes, requests, limits };

const workloadKinds: ReadonlySet<string> = new Set(["Deployment", "StatefulSet", "DaemonSet"]);

const quotaKinds = [
  { apiVersion: "v1", kind: "ResourceQuota" },
  { apiVersion: "v1", kind: "LimitRange" },
];

const policyKinds = [{ apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" }];

function isWorkload(object: KubeObject): boolean {
  return workloadKinds.has(object.kind);
}

async function workloadProblems(kube: Kube, rules: readonly WorkloadRule[], reference: KubeObject): Promise<string[]> {
  const { apiVersion, kind, metadata } = reference;
  const where = metadata.namespace === undefined ? {} : { namespace: metadata.namespace };
  const live = await kube.get({ apiVersion, kind, name: metadata.name, ...where });
  if (live === undefined) return [`${objectText(reference)} is gone`];
  if (live.metadata.deletionTimestamp !== undefined) return [`${objectText(reference)} is being deleted`];
  return rules.flatMap((rule) => rule(reference, live));
}

/** Compares a cluster with the reference: `base` are the learner's objects, `everything` includes the stage. */
export async function keepInCluster(
  keep: readonly Keyword[],
  context: CheckContext,
  base: readonly KubeObject[],
  everything: readonly KubeObject[],
): Promise<Kept> {
  const kube = kubeOf(context);
  const { namespaces } = context.lab;
  const workloads = base.filter(isWorkload);
  const rules = keep.flatMap((keyword) => workloadRules[keyword] ?? []);
  const checked = await Promise.all([
    ...(rules.length > 0 ? workloads.map((workload) => workloadProblems(kube, rules, workload)) : []),
    ...(keep.includes("budget") ? [budgetProblems(kube, base, workloads)] : []),
    ...(keep.includes("quota") ? [equalObjects(kube, quotaKinds, namespaces, everything)] : []),
    ...(keep.includes("policies") ? [equalObjects(kube, policyKinds, namespaces, everything)] : []),
    ...(keep.includes("nodes")
      ? [nodeProblems(kube, everything), baselineProblems(context, everything, (entry) => entry.kind === "Node")]
      : []),
    ...(keep.includes("kube-system")
      ? [
          systemProblems(kube, everything),
          baselineProblems(context, everything, (entry) => entry.namespace === "kube-system"),
        ]
      : []),
  ]);
  if (rules.length > 0 && workloads.length === 0) throw new Error("the reference of this session holds no workloads");
  const spoilt = workloads.find((workload) => checked.flat().some((problem) => problem.includes(objectText(workload))));
  const lookAt =
    spoilt === undefined
      ? undefined
      : `kubectl -n ${spoilt.metadata.namespace ?? ""} get ${objectText(spoilt)} -o yaml`;
  return { problems: checked.flat(), lookAt };
}
