import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { at, countAt, numberAt } from "../../lib/fields.ts";
import { defineCheck, verdict } from "../check.ts";
import { type WorkloadPods, workloadPods } from "../../system/current-pods.ts";
import { kubeOf } from "../../system/objects.ts";

const params = z.strictObject({
  workload,
  namespace: z.string().optional(),
  min: z.number().int().positive().default(1).describe("Fewest replicas that it must want"),
});

type Params = z.infer<typeof params>;

interface Counts {
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
}

function countsOf(object: KubeObject): Counts {
  const status = at(object, "status");
  if (object.kind === "DaemonSet") {
    return {
      desired: countAt(status, "desiredNumberScheduled"),
      updated: countAt(status, "updatedNumberScheduled"),
      ready: countAt(status, "numberReady"),
      available: countAt(status, "numberAvailable"),
    };
  }
  return {
    desired: numberAt(object, "spec", "replicas") ?? 1,
    updated: countAt(status, "updatedReplicas"),
    ready: countAt(status, "readyReplicas"),
    available: countAt(status, "availableReplicas"),
  };
}

function problem({ object, old }: WorkloadPods, min: number): string | undefined {
  const counts = countsOf(object);
  const { desired } = counts;
  if (countAt(object, "status", "observedGeneration") < (object.metadata.generation ?? 0)) {
    return "its newest spec has not been seen by its controller yet";
  }
  if (desired < min) return `it wants only ${desired} replicas`;
  if (counts.updated !== desired || counts.ready !== desired || counts.available !== desired) {
    return `${counts.updated} updated, ${counts.ready} ready, ${counts.available} available of ${desired}`;
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
    const { desired } = countsOf(found.object);
    return verdict(wrong === undefined, expected, `${name}: ${wrong ?? `${desired} of ${desired} available`}`, {
      lookAt,
    });
  },
});
