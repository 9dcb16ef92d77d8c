import { z } from "zod";
import { refusal } from "../../kube/kube-error.ts";
import { workload, workloadKind, workloadText } from "../../lab/workload.ts";
import { environmentError } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { awaitRolled, workloadReadiness } from "../../system/settle.ts";
import { defineAction } from "../action.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

/** Rolls a workload as `kubectl rollout restart` does. */
export const roll = defineAction({
  name: "roll",
  summary: "Restart a workload pod by pod, and wait until the last old pod is gone",
  needs: ["cluster"],
  params: z.strictObject({ workload, within: duration }),
  async run(params, context) {
    const { sandbox, rt, namespace } = context;
    const kind = workloadKind(params.workload);
    const name = workloadText(params.workload);
    if (kind === undefined) throw environmentError(`${name} cannot be rolled`);
    const start = rt.clock.elapsed();
    const old = new Set((await workloadReadiness(context, params.workload)).members.map((member) => member.uid));
    const annotations = { "dev.labs/rolled-at": new Date(rt.clock.now()).toISOString() };
    const ref = { apiVersion: "apps/v1", kind, name: params.workload.name, namespace };
    try {
      await clusterOf(sandbox).kube.patch(ref, { spec: { template: { metadata: { annotations } } } }, "strategic");
    } catch (error) {
      const said = refusal(error);
      if (said === undefined) throw error;
      return { finished: false, detail: `${name} cannot be rolled: ${said}`, data: { seconds: 0 } };
    }
    const waited = await awaitRolled(context, params.workload, old, params.within);
    const seconds = (rt.clock.elapsed() - start) / 1000;
    if (!waited.ok) {
      return {
        finished: false,
        detail: `not rolled after ${params.within / 1000} s: ${waited.seen}`,
        data: { seconds },
      };
    }
    const detail = `${name} rolled in ${seconds.toFixed(1)} s`;
    return { finished: true, detail, targets: waited.value.map((member) => member.name), data: { seconds } };
  },
});
