import { z } from "zod";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { allowedCpus } from "../../system/cpu.ts";
import { cpuWindowsOf, recordOf } from "../recorded.ts";

const params = z.strictObject({ of: workload });

/**
 * Whether a runtime runs enough threads to use its CPU limit. A throughput tells the same, but not while neighbours want the CPU as well; too
 * few threads are too few on any host.
 */
export const threads = defineCheck<z.infer<typeof params>>({
  name: "threads",
  summary: "The service runs at least as many threads as its CPU limit, or its host, has whole CPUs",
  reads: ["record"],
  needs: [],
  racy: false,
  params,
  async run({ of }, context) {
    const record = recordOf(context);
    const windows = cpuWindowsOf(record, of);
    const readings = windows.map(({ target, after }) => ({
      target,
      has: after.gomaxprocs,
      needs: Math.max(1, Math.floor(allowedCpus(after))),
    }));
    const expected = `${workloadText(of)}: as many threads as whole CPUs in its limit`;
    if (readings.length === 0) return verdict(false, expected, "no CPU counters over the whole load: it was restarted");
    const few = readings.filter(({ has, needs }) => has < needs);
    const telling = few.length > 0 ? few : readings;
    const text = telling.map(({ target, has, needs }) => `${target} ${has} threads for ${needs} CPUs`);
    return verdict(few.length === 0, expected, joined(text), { data: { readings } });
  },
});
