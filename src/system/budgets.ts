import type { ProgressScope } from "./scope.ts";
import { z } from "zod";
import { environmentError } from "../lib/errors.ts";
import type { Kube, KubeObject } from "../kube/kube.ts";
import { labelSelector, selectorText } from "../kube/label-selector.ts";
import { observe } from "../lib/poll.ts";
import { podMember } from "./pod.ts";

// The controller counts within a second; on a busy machine within some.
const WITHIN_MS = 20_000;

const shape = z.looseObject({
  spec: z.looseObject({ selector: labelSelector.nullish() }).prefault({}),
  status: z
    .looseObject({
      observedGeneration: z.number().default(0),
      currentHealthy: z.number().default(0),
      conditions: z
        .array(z.looseObject({ type: z.string(), reason: z.string().default(""), message: z.string().default("") }))
        .default([]),
    })
    .prefault({}),
});

/** Why a budget cannot count its pods, in its own words; undefined when it can. */
function failedSync(budget: KubeObject): string | undefined {
  const { conditions } = shape.parse(budget).status;
  return conditions.find((one) => one.type === "DisruptionAllowed" && one.reason === "SyncFailed")?.message;
}

/** Why the budget of this name cannot count its pods: evictions wait for it in vain. Undefined when it can, or is gone. */
export async function whyUncounted(kube: Kube, namespace: string, name: string): Promise<string | undefined> {
  const budget = await kube.get({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", name, namespace });
  return budget === undefined ? undefined : failedSync(budget);
}

/** What a budget has not taken note of yet; undefined when it knows its spec and its pods as they are. */
async function lag(kube: Kube, budget: KubeObject, namespace: string): Promise<string | undefined> {
  const { spec, status } = shape.parse(budget);
  const name = `poddisruptionbudget/${budget.metadata.name}`;
  // It says itself that it cannot count: that is no lag, and an eviction will be told why.
  if (failedSync(budget) !== undefined) return undefined;
  if (status.observedGeneration < (budget.metadata.generation ?? 0))
    return `${name}: its newest spec is not taken up yet`;
  if (spec.selector == null) return undefined;
  const pods = await kube.list({
    apiVersion: "v1",
    kind: "Pod",
    namespace,
    labelSelector: selectorText(spec.selector),
  });
  const healthy = pods.map((pod) => podMember(pod)).filter((pod) => pod.ready && !pod.terminating).length;
  return healthy === status.currentHealthy
    ? undefined
    : `${name}: counts ${status.currentHealthy} healthy pods of ${healthy}`;
}

/** Waits until every disruption budget of the namespace has counted the pods as they are now: before that its answers are about the past. */
export async function awaitBudgets(
  { rt, namespace, progress }: Pick<ProgressScope, "rt" | "namespace" | "progress">,
  kube: Kube,
): Promise<void> {
  const waited = await observe<undefined>(
    rt,
    async () => {
      const budgets = await kube.list({ apiVersion: "policy/v1", kind: "PodDisruptionBudget", namespace });
      const lags = (await Promise.all(budgets.map((budget) => lag(kube, budget, namespace)))).flatMap(
        (one) => one ?? [],
      );
      return lags.length === 0 ? { done: true, value: undefined } : { done: false, seen: lags.join("; ") };
    },
    { withinMs: WITHIN_MS, onLook: progress },
  );
  if (!waited.ok) throw environmentError(`the disruption controller lags behind: ${waited.seen}`);
}
