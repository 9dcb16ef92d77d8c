import { z } from "zod";
import { span } from "../../lib/text.ts";
import { duration } from "../../lib/units.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { recordOf } from "../recorded.ts";

const params = z.strictObject({
  action: z.string().optional().describe("Name of the action; all of the experiment's without it"),
  within: duration.optional().describe("Each action at most this long"),
});

type Params = z.infer<typeof params>;

/** The actions of an experiment came to their end in time. */
export const finished = defineCheck<Params>({
  name: "finished",
  summary: "The actions of the experiment reached their end, each within this time",
  reads: ["record"],
  needs: [],
  racy: false,
  params,
  async run({ action, within }, context) {
    const actions = recordOf(context).actions.filter((one) => action === undefined || one.action === action);
    const limit = within === undefined ? "" : ` within ${span(within)}`;
    const expected = `${action ?? "every action"} reaches its end${limit}`;
    if (actions.length === 0) return verdict(false, expected, "no such action ran");
    const late = actions.filter((one) => !one.finished || one.endedAt - one.startedAt > (within ?? Infinity));
    const telling = late.length > 0 ? late : actions;
    const text = telling.map((one) => `${one.action} after ${span(one.endedAt - one.startedAt)}: ${one.detail}`);
    return verdict(late.length === 0, expected, joined(text));
  },
});
