import { z } from "zod";
import { rollout, workloadState } from "../../kube/workload.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineCheck, verdict } from "../check.ts";
import { type WorkloadPods, workloadPods } from "../../system/current-pods.ts";
import { kubeOf } from "../../system/objects.ts";

const params = z.strictObject({
  workload,
  namespace: z.string().optional(),
  min: z.number().int().positive().default(1).describe("Fewest replicas that it must want"),
});

type Params = z.infer<typeof params>;

function problem({ object, old }: WorkloadPods, min: number): string | undefined {
  const state = workloadState(object);
  const { desired, updated, ready, available } = state;
  const how = rollout(state);
  if (how === "unobserved") return "its newest spec has not been seen by its controller yet";
  if (desired < min) return `it wants only ${desired} replicas`;
  if (how === "short" || (how === "old" && old.length === 0)) {
    return `${updated} updated, ${ready} ready, ${available} available of ${desired}`;
  }
  return old.length === 0 ? undefined : `${old.length} old pods are still there: ${old[0]?.metadata.name ?? ""}`;
}

/** A rollout that is really over: new pods are available and old ones are gone. */
export const workloadReady = defineCheck<Params>({
  name: "workload-ready",
  summary: "Its newest template runs, ready and available, on all replicas, and no old pod is left",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const namespace = given.namespace ?? context.namespace;
    const name = workloadText(given.workload);
    const found = await workloadPods(kubeOf(context), namespace, given.workload);
    const lookAt = `kubectl -n ${namespace} get ${name}`;
    const expected = `${name} rolled out: at least ${given.min} replicas, all updated, ready and available`;
    if (found === undefined) return verdict(false, expected, `no ${name} in namespace ${namespace}`, { lookAt });
    const wrong = problem(found, given.min);
    const { desired } = workloadState(found.object);
    return verdict(wrong === undefined, expected, `${name}: ${wrong ?? `${desired} of ${desired} available`}`, {
      lookAt,
    });
  },
});
