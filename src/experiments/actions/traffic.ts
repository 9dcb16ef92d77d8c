import { z } from "zod";
import { defineAction } from "../action.ts";
import { openCpuWindows } from "../../system/cpu.ts";
import { loadFields, loadText, maxLoadMs, oneOfRateAndConcurrency, startLoad } from "../load.ts";
import { targetText } from "../../lab/target.ts";

const AFTER_MS = 5000;

/** Sends requests all the while other actions run. */
export const traffic = defineAction({
  name: "traffic",
  summary: "Send requests while `do` runs, and 5 s longer",
  needs: [],
  params: z
    .strictObject({ ...loadFields, cpu: z.boolean().default(false).describe("Measure the CPU of what answers") })
    .refine(oneOfRateAndConcurrency, "give rate or concurrency"),
  async accompany(params, context) {
    const run = await startLoad(context, params, maxLoadMs);
    const name = targetText(params.to);
    if (run === undefined) {
      const outcome = { finished: false, detail: `${name} has no ready pod` };
      return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
    }
    let measure: Awaited<ReturnType<typeof openCpuWindows>> | undefined;
    return {
      afterMs: AFTER_MS,
      async steady() {
        await run.steady();
        if (params.cpu) measure = await openCpuWindows(context, params.to);
      },
      async end() {
        const windows = (await measure?.())?.windows ?? [];
        const result = await run.stop();
        return {
          finished: true,
          detail: loadText(result),
          targets: windows.map((window) => window.target),
          traffic: { [params.name]: result },
          cpu: windows,
        };
      },
    };
  },
});
