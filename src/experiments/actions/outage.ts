import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction } from "../action.ts";
import { askAdmin, callAdmins } from "../../system/admin.ts";
import { workloadMembers } from "../../system/members.ts";
import { hold } from "../../lib/poll.ts";

const stateShape = z.looseObject({
  mode: z.string(),
  requests: z.looseObject({ ok: z.number(), failed: z.number() }).prefault({ ok: 0, failed: 0 }),
});

// The fault outlives the window a little, so that it can be seen in force at its end; should we die, it ends by itself.
const SPARE_MS = 15_000;

/** Makes a dependency of the stage fail for a while. */
export const outage = defineAction({
  name: "outage",
  summary: "Make a dependency fail for a while",
  needs: [],
  params: z.strictObject({
    target: workload.describe("A dependency of the stage"),
    mode: z.enum(["fail", "slow", "blackhole", "refuse"]),
    delay: duration.optional().describe("How slow; only for mode slow, default 2s"),
    for: duration,
  }),
  async run(params, context) {
    const name = workloadText(params.target);
    const members = (await workloadMembers(context, params.target)).filter((member) => !member.terminating);
    if (members.length === 0) throw environmentError(`${name} has no pod to inject an outage into`);
    const delay = params.delay === undefined ? "" : `&ms=${params.delay}`;
    const path = `/admin/fault?mode=${params.mode}&for=${params.for + SPARE_MS}ms${delay}`;
    const clear = () =>
      Promise.allSettled(members.map((member) => askAdmin(context, member, "DELETE", "/admin/fault")));
    try {
      const before = await callAdmins(context, members, "POST", path, stateShape);
      const from = context.rt.clock.elapsed();
      await hold(context.rt, params.for, (ms) =>
        context.progress(`${params.target.name} down ${Math.round(ms / 1000)}/${params.for / 1000} s`),
      );
      const states = await callAdmins(context, members, "GET", "/admin/state", stateShape);
      const until = context.rt.clock.elapsed();
      const lapsed = members.filter((_, index) => states[index]?.mode !== params.mode).map((member) => member.name);
      if (lapsed.length > 0) throw environmentError(`the outage of ${lapsed.join(", ")} was not in force to its end`);
      const cleared = await clear();
      if (cleared.some((one) => one.status === "rejected" || one.value.status !== 200)) {
        throw environmentError(`the outage of ${name} could not be ended; it ends by itself in ${SPARE_MS / 1000} s`);
      }
      const failed = states.reduce(
        (sum, state, index) => sum + state.requests.failed - (before[index]?.requests.failed ?? 0),
        0,
      );
      return {
        finished: true,
        detail: `${name}: ${params.mode} for ${params.for / 1000} s, ${failed} of its requests failed`,
        targets: members.map((member) => member.name),
        data: { mode: params.mode, from, until, failedRequests: failed },
      };
    } catch (error) {
      await clear();
      throw error;
    }
  },
});
