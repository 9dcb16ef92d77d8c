import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { defineAction } from "../action.ts";
import { openCpuWindows } from "../../system/cpu.ts";
import { loadFields, loadText, maxLoadMs, oneOfRateAndConcurrency, startLoad } from "../load.ts";
import { hold } from "../../lib/poll.ts";
import { targetText } from "../../lab/target.ts";

// The agent's own end comes later than ours, for the case that we die meanwhile.
const SPARE_MS = 30_000;

/** Sends requests for a given time, and measures the CPU of what answers. */
export const load = defineAction({
  name: "load",
  summary: "Send requests for a given time and measure the CPU of what answers them",
  needs: [],
  measures: true,
  params: z
    .strictObject({ ...loadFields, for: duration.refine((ms) => ms > 0 && ms <= maxLoadMs, "at most 5m") })
    .refine(oneOfRateAndConcurrency, "give rate or concurrency"),
  async run(params, context) {
    const name = targetText(params.to);
    const run = await startLoad(context, params, params.for + SPARE_MS);
    if (run === undefined) return { finished: false, detail: `${name} has no ready pod` };
    try {
      await run.steady();
      const measure = await openCpuWindows(context, params.to);
      await hold(context.rt, params.for, (ms) =>
        context.progress(`load ${params.name} on ${name}, ${Math.round(ms / 1000)}/${params.for / 1000} s`),
      );
      const { windows, lost } = await measure();
      const result = await run.stop();
      const detail =
        lost.length === 0 ? loadText(result) : `${loadText(result)}; restarted meanwhile: ${lost.join(", ")}`;
      return {
        finished: true,
        detail,
        targets: windows.map((window) => window.target),
        data: { load: result },
        traffic: { [params.name]: result },
        cpu: windows,
      };
    } catch (error) {
      await run.stop().catch(() => undefined); // the first error counts; the agent ends the load by itself
      throw error;
    }
  },
});
