import { z } from "zod";
import type { CpuWindow } from "../../system/record.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineCheck, joined, tooBusy, verdict } from "../check.ts";
import { usableCpus } from "../../system/cpu.ts";
import { cpuWindowsOf, recordOf } from "../recorded.ts";

const params = z.strictObject({
  of: workload,
  atLeast: z.number().positive().max(1).describe("Share of the CPUs that its threads and its limit let it use"),
});

/** CPUs that were used over a window, as a share of those that could be. */
function shareOf({ target, before, after }: CpuWindow): { readonly target: string; readonly share: number } {
  const used = (after.usageMicros - before.usageMicros) / ((after.at - before.at) * 1000);
  return { target, share: used / usableCpus(after) };
}

/**
 * Whether a closed loop got the CPU that it asked for. Where the host has none to give, a quota is never used up and holds nothing back: then
 * nothing can be told of it, which is an error and no verdict.
 */
export const cpuGiven = defineCheck<z.infer<typeof params>>({
  name: "cpu-given",
  summary: "The host gave a closed loop the CPU that it could use; otherwise it is too busy to tell anything: an error",
  reads: ["record"],
  needs: [],
  racy: false,
  params,
  async run({ of, atLeast }, context) {
    const shares = cpuWindowsOf(recordOf(context), of).map(shareOf);
    const expected = `${workloadText(of)}: got at least ${atLeast} × the CPU that it could use`;
    if (shares.length === 0) return verdict(false, expected, "no CPU counters over the whole load: it was restarted");
    const text = joined(shares.map(({ target, share }) => `${target} got ${share.toFixed(2)} × the CPU it could use`));
    if (shares.every(({ share }) => share >= atLeast)) return verdict(true, expected, text, { data: { shares } });
    return tooBusy(expected, text, { shares });
  },
});
