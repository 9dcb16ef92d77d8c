import { z } from "zod";
import type { CpuWindow } from "../../system/record.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { requestedMillis } from "../../system/cpu.ts";
import { workloadPods } from "../../system/current-pods.ts";
import { kubeOf } from "../../system/objects.ts";
import { recordOf, recordedName } from "../recorded.ts";

const params = z.strictObject({
  of: workload,
  atLeast: z.number().positive().describe("Each request over the CPU that the pods use on average"),
});

/** Millicores that a pod used over its window. */
function usedMillis({ before, after }: CpuWindow): number {
  const elapsedMicros = (after.at - before.at) * 1000;
  return elapsedMicros > 0 ? ((after.usageMicros - before.usageMicros) / elapsedMicros) * 1000 : 0;
}

/**
 * What is set aside for each pod covers what the pods use under the load of an experiment. By their average: which pod gets how many of a few
 * hundred requests is chance.
 */
export const cpuRequest = defineCheck<z.infer<typeof params>>({
  name: "cpu-request",
  summary: "The CPU that each pod requests covers what the pods use under load",
  reads: ["record"],
  needs: ["cluster"],
  racy: false,
  params,
  async run({ of, atLeast }, context) {
    const { cpu, pods } = recordOf(context);
    const { namespace } = context;
    const name = recordedName(of);
    const expected = `${workloadText(of)}: each pod requests at least ${atLeast} × the CPU that pods use on average`;
    const lookAt = `kubectl -n ${namespace} get ${workloadText(of)} -o yaml`;
    const windows = cpu.filter(({ target }) => pods.some((pod) => pod.name === target && pod.workload === name));
    if (windows.length === 0) return verdict(false, expected, "no CPU counters over the load", { lookAt });
    const used = windows.reduce((sum, one) => sum + usedMillis(one), 0) / windows.length;
    const found = await workloadPods(kubeOf(context), namespace, of);
    const requests = (found?.current ?? []).map((pod) => ({ pod: pod.metadata.name, millis: requestedMillis(pod) }));
    const low = requests.filter(({ millis }) => millis < used * atLeast);
    const [sample] = requests;
    if (sample === undefined) return verdict(false, expected, `no pods of ${workloadText(of)}`, { lookAt });
    const telling = low.length > 0 ? low : [sample];
    const observed = `pods use ${used.toFixed(1)}m; ${joined(telling.map((one) => `${one.pod} requests ${one.millis}m`))}`;
    return verdict(low.length === 0, expected, observed, { lookAt, data: { usedMillis: used } });
  },
});
