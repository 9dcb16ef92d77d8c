import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction } from "../action.ts";
import { observe } from "../../lib/poll.ts";
import { workloadReadiness } from "../../system/settle.ts";

/** Waits until a workload is whole again. */
export const recover = defineAction({
  name: "recover",
  summary: "Wait until all pods of a workload are ready again",
  needs: [],
  params: z.strictObject({ workload, within: duration }),
  async run(params, context) {
    const { clock } = context.rt;
    const name = workloadText(params.workload);
    const start = clock.elapsed();
    const waited = await observe(
      context.rt,
      async () => {
        const { members, problem } = await workloadReadiness(context, params.workload);
        if (problem !== undefined) return { done: false, seen: problem };
        return { done: true, value: members.map((member) => member.name) };
      },
      { withinMs: params.within, onLook: (seen) => context.progress(`waiting for ${name}: ${seen}`) },
    );
    const seconds = (clock.elapsed() - start) / 1000;
    if (!waited.ok)
      return { finished: false, detail: `after ${params.within / 1000} s: ${waited.seen}`, data: { seconds } };
    return {
      finished: true,
      detail: `all ${waited.value.length} of ${name} ready after ${seconds.toFixed(1)} s`,
      targets: waited.value,
      data: { seconds },
    };
  },
});
