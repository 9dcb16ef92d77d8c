import type { Kube, KubeObject } from "../../kube/kube.ts";
import { at, entriesAt, listAt, textAt } from "../../lib/fields.ts";
import { objectText } from "../../system/objects.ts";

function matchesExpression(expression: unknown, labels: ReadonlyMap<string, unknown>): boolean {
  const value = labels.get(textAt(expression, "key"));
  const values = listAt(expression, "values");
  switch (textAt(expression, "operator")) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    default:
      return value === undefined;
  }
}

/** True when the budget's selector matches the pods of the workload. An empty selector matches all, a missing one none. */
export function covers(budget: KubeObject, workload: KubeObject): boolean {
  const selector = at(budget, "spec", "selector");
  if (selector === undefined || selector === null) return false;
  if (budget.metadata.namespace !== workload.metadata.namespace) return false;
  const labels = new Map(entriesAt(workload, "spec", "template", "metadata", "labels"));
  return (
    entriesAt(selector, "matchLabels").every(([key, value]) => labels.get(key) === value) &&
    listAt(selector, "matchExpressions").every((expression) => matchesExpression(expression, labels))
  );
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
