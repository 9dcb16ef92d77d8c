import { z } from "zod";
import type { RunRecord } from "../../system/record.ts";
import { workloadState } from "../../kube/workload.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { span } from "../../lib/text.ts";
import { type CheckContext, type Observation, defineCheck, verdict } from "../check.ts";
import { workloadPods } from "../../system/current-pods.ts";
import { kubeOf } from "../../system/objects.ts";
import { recordedName } from "../recorded.ts";

const params = z
  .strictObject({
    workload,
    namespace: z.string().optional(),
    atLeast: z.number().int().positive().optional().describe("Looking: available replicas now"),
    never: z
      .strictObject({ below: z.number().int().positive() })
      .optional()
      .describe("Of an experiment: available replicas all the time"),
  })
  .refine((given) => (given.atLeast === undefined) !== (given.never === undefined), "give either atLeast or never");

type Params = z.infer<typeof params>;

function recorded(given: Params, record: RunRecord, lookAt: string): Observation {
  const name = workloadText(given.workload);
  const least = given.never?.below ?? given.atLeast ?? 1;
  const expected = `${name} never below ${least} available during the experiment`;
  const seen = record.available.filter((one) => one.workload === recordedName(given.workload));
  const before = seen.filter((one) => one.at <= record.doStartedAt).at(-1);
  const during = [...(before === undefined ? [] : [before]), ...seen.filter((one) => one.at > record.doStartedAt)];
  const [first] = during;
  if (first === undefined) return verdict(false, expected, `no ${name} was seen`, { lookAt });
  const worst = during.reduce((low, one) => (one.available < low.available ? one : low), first);
  const after = span(Math.max(0, worst.at - record.doStartedAt));
  const observed = `lowest ${worst.available} of ${worst.desired} available, ${after} after the start`;
  return verdict(worst.available >= least, expected, observed, { lookAt });
}

async function live(given: Params, context: CheckContext, namespace: string, lookAt: string): Promise<Observation> {
  const name = workloadText(given.workload);
  const least = given.atLeast ?? given.never?.below ?? 1;
  const expected = `${name} has at least ${least} available replicas`;
  const found = await workloadPods(kubeOf(context), namespace, given.workload);
  if (found === undefined) return verdict(false, expected, `no ${name} in namespace ${namespace}`, { lookAt });
  const field = found.object.kind === "DaemonSet" ? "numberAvailable" : "availableReplicas";
  const { available } = workloadState(found.object);
  return verdict(available >= least, expected, `${name} status.${field} ${available}`, { lookAt });
}

/** Available replicas of a workload: now, or at every moment of an experiment. */
export const available = defineCheck<Params>({
  name: "available",
  summary: "Enough replicas are available now, or were at every moment of an experiment",
  reads: ["sandbox", "record"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const namespace = given.namespace ?? context.namespace;
    const lookAt = `kubectl -n ${namespace} get ${workloadText(given.workload)}`;
    if (context.record !== undefined) return recorded(given, context.record, lookAt);
    return live(given, context, namespace, lookAt);
  },
});
