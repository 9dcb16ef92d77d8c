import { z } from "zod";
import { workload, workloadText } from "../../lab/workload.ts";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { defineCheck, verdict } from "../check.ts";
import { cpuWindowsOf, recordOf } from "../recorded.ts";

const params = z.strictObject({
  of: workload,
  from: z.string().describe("Name of the load whose requests are counted"),
  perRequestMs: bounds.describe("CPU milliseconds that one answered request takes"),
});

/** CPU that one answered request takes: it tells cheaper work from the same work, whatever the container's limit does to latency. */
export const cpuUse = defineCheck<z.infer<typeof params>>({
  name: "cpu-use",
  summary: "CPU that one request of a load takes",
  reads: ["record"],
  needs: [],
  racy: false,
  params,
  async run({ of, from, perRequestMs }, context) {
    const record = recordOf(context);
    const load = record.traffic[from];
    const expected = `${workloadText(of)}: ${boundsText(perRequestMs)} ms of CPU a request`;
    const windows = cpuWindowsOf(record, of);
    if (load === undefined || load.ok === 0) return verdict(false, expected, `no request of ${from} was answered`);
    if (windows.length === 0) return verdict(false, expected, "no CPU counters over the whole load: it was restarted");
    const used = windows.reduce((sum, { before, after }) => sum + after.usageMicros - before.usageMicros, 0);
    const each = used / 1000 / load.ok;
    const observed = `${Math.round(each)} ms of CPU a request (${load.ok} answered)`;
    return verdict(isWithin(each, perRequestMs), expected, observed, { data: { perRequestMs: each } });
  },
});
