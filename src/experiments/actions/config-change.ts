import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction } from "../action.ts";
import { encoded } from "../../system/config.ts";
import { configChoice, planChanges, staleSetting, writeChanges } from "./config-plan.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { awaitRolled } from "../../system/settle.ts";
import { rollPatch } from "../undo/config.ts";
import { getWorkload } from "../../system/workload.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const params = z.strictObject({
  workload,
  changes: z.array(configChoice).min(1),
  port: z.int().min(1).max(65_535).default(8080),
  within: duration.prefault("60s").describe("For the roll to the new values, and for the roll back"),
});

function uids(members: readonly Member[]): Set<string> {
  return new Set(members.map((member) => member.uid));
}

/** Changes what ConfigMaps and Secrets hold, as whoever runs the service does, and rolls it; everything is put back at the end. */
export const configChange = defineAction({
  name: "config-change",
  summary: "Change settings where they are kept, roll the workload, and ask each pod whether it uses the new values",
  needs: ["cluster"],
  params,
  async run(given, context) {
    const { sandbox, namespace, rt, journal } = context;
    const name = workloadText(given.workload);
    const { kube } = clusterOf(sandbox);
    const object = await getWorkload(kube, given.workload, namespace);
    if (object === undefined) return { finished: false, detail: `${name} does not exist` };
    const plans = await planChanges(context, kube, given);
    if (typeof plans === "string") return { finished: false, detail: plans };

    const { apiVersion, kind } = object;
    const place = { apiVersion, kind, name: given.workload.name, namespace };
    const changes = plans.map(({ ref, keys, from, to }) => ({
      ...ref,
      keys,
      from: encoded(ref.kind, from),
      to: encoded(ref.kind, to),
    }));
    const settings = plans.map(({ setting }) => setting).join(", ");
    const sentence = `${settings} of ${name} got back what an experiment had changed`;
    const undo = await journal.open({ undo: "config-back", params: { workload: place, changes }, sentence });
    const refused = await writeChanges(kube, plans);
    if (refused !== undefined) return { finished: false, detail: refused };

    const before = uids(await workloadMembers(context, given.workload));
    await kube.patch(place, rollPatch(new Date(rt.clock.now()).toISOString()), "merge");
    const rolled = await awaitRolled(context, given.workload, before, given.within);
    const problem = rolled.ok
      ? await staleSetting(context, rolled.value, plans, given.port)
      : `not rolled to another ${settings} after ${given.within / 1000} s: ${rolled.seen}`;

    const now = await workloadMembers(context, given.workload);
    const changed = uids(now.filter((member) => !before.has(member.uid)));
    await undo();
    // A roll that did not come to its end has left some of the first pods, and they may stay.
    const back = await awaitRolled(context, given.workload, changed, given.within);
    const targets = rolled.ok ? rolled.value.map((member) => member.name) : [];
    if (problem !== undefined) return { finished: false, detail: problem, targets };
    if (!back.ok) return { finished: false, detail: `not rolled back to its own ${settings}: ${back.seen}`, targets };
    return { finished: true, detail: `each pod of ${name} used another ${settings} after a roll`, targets };
  },
});
