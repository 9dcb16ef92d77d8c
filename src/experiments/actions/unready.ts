import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction } from "../action.ts";
import { askAdmin, callAdmins } from "../../system/admin.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { observe } from "../../lib/poll.ts";
import { serviceEndpoints } from "../../system/service-endpoints.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const params = z
  .strictObject({
    workload,
    service: z.string().describe("Name of the Service that must stop sending requests to them"),
    pods: z.int().min(1).default(1),
    for: duration.prefault("25s").describe("Should nobody end it, it ends by itself after this time"),
    within: duration.prefault("15s"),
  })
  .refine((given) => given.for > given.within, "for must be longer than within");

/** Makes pods say that they cannot take requests, and waits until the Service has noticed. */
export const unready = defineAction({
  name: "unready",
  summary: "Make pods unready, and wait until they have left the ready addresses of a Service",
  needs: ["cluster"],
  params,
  async run(given, context) {
    const { sandbox, namespace, rt } = context;
    const name = workloadText(given.workload);
    const { kube } = clusterOf(sandbox);
    const listed = async (members: readonly Member[]): Promise<Member[]> => {
      const ready = (await serviceEndpoints(kube, namespace, given.service)).filter((one) => one.ready);
      return members.filter((member) => ready.some((one) => one.pod === member.uid || one.address === member.host));
    };
    const members = await workloadMembers(context, given.workload);
    // What the Service does not know cannot leave it. By name, so that two runs choose alike.
    const chosen = (await listed(members.filter((one) => one.ready && !one.terminating))).slice(0, given.pods);
    if (chosen.length < given.pods) {
      const has = `service/${given.service} leads to ${chosen.length} ready pods of ${name}`;
      return { finished: false, detail: `${has}, ${given.pods} are needed` };
    }
    const targets = chosen.map((member) => member.name);
    const end = () =>
      Promise.allSettled(chosen.map((member) => askAdmin(context, member, "POST", "/admin/ready?value=true")));
    try {
      const path = `/admin/ready?value=false&for=${given.for}ms`;
      await callAdmins(context, chosen, "POST", path, z.unknown());
      const start = rt.clock.elapsed();
      const waited = await observe<undefined>(
        rt,
        async () => {
          const left = await listed(chosen);
          const names = left.map((member) => member.name).join(", ");
          return left.length === 0 ? { done: true, value: undefined } : { done: false, seen: names };
        },
        { withinMs: given.within, onLook: (seen) => context.progress(`not ready, but still listed: ${seen}`) },
      );
      const seconds = (rt.clock.elapsed() - start) / 1000;
      const detail = waited.ok
        ? `${targets.join(", ")} left service/${given.service} after ${seconds.toFixed(1)} s`
        : `service/${given.service} still leads to ${waited.seen} ${given.within / 1000} s after it said that it is not ready`;
      return { finished: waited.ok, detail, targets, data: { seconds } };
    } finally {
      await end();
    }
  },
});
