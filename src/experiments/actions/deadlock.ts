import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction } from "../action.ts";
import { askAdmin, callAdmins } from "../../system/admin.ts";
import { memberText } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { observe } from "../../lib/poll.ts";

// Should we die, the deadlock ends by itself this long after the time in which it must be noticed.
const SPARE_MS = 30_000;

/** Wedges pods as a deadlock in their code would, and waits for somebody to restart them. */
export const deadlock = defineAction({
  name: "deadlock",
  summary: "Wedge pods as a deadlock would, until they are restarted or the time is over",
  needs: [],
  params: z.strictObject({ workload, pods: z.int().min(1).default(1), hold: duration.prefault("60s") }),
  async run(params, context) {
    const { clock } = context.rt;
    const name = workloadText(params.workload);
    const members = await workloadMembers(context, params.workload);
    // By name, so that two runs choose alike.
    const wedged = members.filter((member) => member.ready && !member.terminating).slice(0, params.pods);
    if (wedged.length < params.pods) {
      return { finished: false, detail: `${name} has ${wedged.length} ready pods, ${params.pods} are needed` };
    }
    await callAdmins(context, wedged, "GET", "/admin/ping", z.unknown());
    const targets = wedged.map((member) => member.name);
    let stuck = wedged;
    const release = () =>
      Promise.allSettled(stuck.map((member) => askAdmin(context, member, "POST", "/admin/deadlock?for=0s")));
    try {
      const path = `/admin/deadlock?for=${params.hold + SPARE_MS}ms`;
      await callAdmins(context, wedged, "POST", path, z.unknown());
      const start = clock.elapsed();
      const seconds = (): number => (clock.elapsed() - start) / 1000;
      const waited = await observe(
        context.rt,
        async () => {
          const now = await workloadMembers(context, params.workload);
          stuck = now.filter((member) =>
            wedged.some((one) => one.uid === member.uid && one.incarnation === member.incarnation),
          );
          if (stuck.length === 0) return { done: true, value: seconds() };
          return { done: false, seen: stuck.map(memberText).join("; ") };
        },
        {
          withinMs: params.hold,
          onLook: () =>
            context.progress(`${targets.join(", ")} wedged, ${Math.round(seconds())}/${params.hold / 1000} s`),
        },
      );
      if (waited.ok) {
        const detail = `${targets.join(", ")} restarted ${waited.value.toFixed(1)} s after the deadlock`;
        return { finished: true, detail, targets, data: { seconds: waited.value } };
      }
      const detail = `nothing restarted within ${params.hold / 1000} s of the deadlock: ${waited.seen}`;
      return { finished: false, detail, targets, data: { seconds: seconds() } };
    } finally {
      // Whoever was restarted is not wedged any more; for the rest the deadlock would end by itself, only later.
      await release();
    }
  },
});
