import { z } from "zod";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { defineCheck, verdict } from "../check.ts";
import { recordOf } from "../recorded.ts";

const params = z.strictObject({
  from: z.string().describe("Name of the load"),
  during: z.string().describe("Name of the action that must have been in force"),
  ok: bounds.describe("How many requests succeeded in that time"),
});

/** Requests in flight at either end of an action may belong to either side; the load counts by whole seconds. */
const edgeMs = 2000;

/** How many requests of a load succeeded while an action was in force: an outage that nobody notices was no outage. */
export const trafficDuring = defineCheck<z.infer<typeof params>>({
  name: "traffic-during",
  summary: "How many requests of a load succeeded while an action was in force",
  reads: ["record"],
  needs: [],
  racy: false,
  params,
  async run({ from, during, ok }, context) {
    const record = recordOf(context);
    const action = record.actions.find((one) => one.action === during);
    const load = record.traffic[from];
    const expected = `${boundsText(ok)} requests of ${from} succeed during ${during}`;
    if (action === undefined) throw new Error(`the experiment has no action ${during}`);
    if (load === undefined) return verdict(false, expected, `no load ${from} ran`);
    const start = action.startedAt + edgeMs;
    const end = action.endedAt - edgeMs;
    const inside = load.seconds.filter(({ t }) => t * 1000 >= start && (t + 1) * 1000 <= end);
    const succeeded = inside.reduce((sum, second) => sum + second.ok, 0);
    const failed = inside.reduce((sum, second) => sum + second.failed, 0);
    if (succeeded + failed === 0) return verdict(false, expected, `${from} sent nothing in that time`);
    return verdict(
      isWithin(succeeded, ok),
      expected,
      `${succeeded} succeeded and ${failed} failed in ${inside.length} s`,
    );
  },
});
