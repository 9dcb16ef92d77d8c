import type { Kube, KubeObject } from "../../kube/kube.ts";
import { labelSelector, selects } from "../../kube/label-selector.ts";
import { at, entriesAt } from "../../lib/fields.ts";
import { objectText } from "../../system/objects.ts";

/** True when the budget's selector matches the pods of the workload. An empty selector matches all, a missing one none. */
export function covers(budget: KubeObject, workload: KubeObject): boolean {
  const selector = at(budget, "spec", "selector");
  if (selector === undefined || selector === null) return false;
  if (budget.metadata.namespace !== workload.metadata.namespace) return false;
  const labels = entriesAt(workload, "spec", "template", "metadata", "labels").map(([key, value]) => [
    key,
    String(value),
  ]);
  return selects(labelSelector.parse(selector), Object.fromEntries(labels));
}

/** Every workload that a disruption budget protected is still protected by one; which and how is for experiments to judge. */
export async function budgetProblems(
  kube: Kube,
  reference: readonly KubeObject[],
  workloads: readonly KubeObject[],
): Promise<string[]> {
  const before = reference.filter((object) => object.kind === "PodDisruptionBudget");
  const guarded =
    before.length === 0 ? workloads : workloads.filter((workload) => before.some((one) => covers(one, workload)));
  const namespaces = [...new Set(guarded.map((workload) => workload.metadata.namespace ?? ""))];
  const lists = await Promise.all(
    namespaces.map((namespace) => kube.list({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", namespace })),
  );
  const budgets = lists.flat().filter((budget) => budget.metadata.deletionTimestamp === undefined);
  return guarded
    .filter((workload) => !budgets.some((budget) => covers(budget, workload)))
    .map((workload) => `no PodDisruptionBudget covers the pods of ${objectText(workload)}`);
}
