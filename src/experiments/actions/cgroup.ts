import { z } from "zod";
import { defineAction } from "../action.ts";
import { openCpuWindows } from "../../system/cpu.ts";
import { target, targetText } from "../../lab/target.ts";

/** Measures the CPU of a workload while other actions run. */
export const cgroup = defineAction({
  name: "cgroup",
  summary: "Measure the CPU of a workload while `do` runs",
  needs: [],
  measures: true,
  params: z.strictObject({ of: target }),
  async accompany(params, context) {
    let measure: Awaited<ReturnType<typeof openCpuWindows>> | undefined;
    return {
      async steady() {
        measure = await openCpuWindows(context, params.of);
      },
      async end() {
        const { windows, lost } = (await measure?.()) ?? { windows: [], lost: [targetText(params.of)] };
        const targets = windows.map((window) => window.target);
        const detail = `CPU of ${targets.join(", ") || "nothing"}`;
        return { finished: lost.length === 0, detail, targets, cpu: windows };
      },
    };
  },
});
