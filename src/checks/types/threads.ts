import { z } from "zod";
import type { CpuReading } from "../../experiments/record.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineCheck } from "../check.ts";
import { joined, verdict } from "../observe.ts";
import { cpuWindowsOf, recordOf } from "../read/record.ts";

const params = z.strictObject({ of: workload });

/** Whole CPUs that a process could use at once: those of its limit, and no more than it sees. */
function wholeCpus({ quotaMicros, periodMicros, numCpu }: CpuReading): number {
  const limit = quotaMicros > 0 ? quotaMicros / periodMicros : numCpu;
  return Math.max(1, Math.min(Math.floor(limit), numCpu));
}

/**
 * Whether a runtime runs enough threads to use its CPU limit. A throughput tells the same, but not while neighbours want the CPU as well; too
 * few threads are too few on any host.
 */
export const threads = defineCheck<z.infer<typeof params>>({
  name: "threads",
  summary: "The service runs at least as many threads as its CPU limit, or its host, has whole CPUs",
  reads: ["record"],
  providers: ["kind", "docker"],
  racy: false,
  params,
  async run({ of }, context) {
    const record = recordOf(context);
    const windows = cpuWindowsOf(record, of);
    const readings = windows.map(({ target, after }) => ({ target, has: after.gomaxprocs, needs: wholeCpus(after) }));
    const expected = `${workloadText(of)}: as many threads as whole CPUs in its limit`;
    if (readings.length === 0) return verdict(false, expected, "no CPU counters over the whole load: it was restarted");
    const few = readings.filter(({ has, needs }) => has < needs);
    const telling = few.length > 0 ? few : readings;
    const text = telling.map(({ target, has, needs }) => `${target} ${has} threads for ${needs} CPUs`);
    return verdict(few.length === 0, expected, joined(text), { data: { readings } });
  },
});
