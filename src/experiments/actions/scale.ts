import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { defineAction } from "../action.ts";
import { observe } from "../../lib/poll.ts";
import { workloadReadiness } from "../../system/settle.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";
import { workloadState } from "../../kube/workload.ts";
import { getWorkload } from "../../system/workload.ts";

/** Changes the number of replicas; it is given back at the end of the experiment. */
export const scale = defineAction({
  name: "scale",
  summary: "Change the number of replicas until the experiment ends",
  needs: ["cluster"],
  params: z
    .strictObject({
      workload: workload.refine((ref) => ref.kind === "deployment" || ref.kind === "statefulset", "has no replicas"),
      replicas: z.int().min(1).max(20).optional(),
      by: z.int().min(1).max(10).optional().describe("So many more than there are"),
      within: duration.prefault("60s"),
    })
    .refine(({ replicas, by }) => (replicas === undefined) !== (by === undefined), "give either replicas or by"),
  async run({ workload: ref, within, ...given }, context) {
    const { sandbox, namespace, rt } = context;
    const name = workloadText(ref);
    const { kube } = clusterOf(sandbox);
    const object = await getWorkload(kube, ref, namespace);
    if (object === undefined) return { finished: false, detail: `${name} does not exist` };
    const { apiVersion, kind } = object;
    const place = { apiVersion, kind, name: ref.name, namespace };
    const before = workloadState(object).desired;
    const replicas = given.replicas ?? before + (given.by ?? 0);
    const sentence = `${name} was scaled back to ${before}`;
    await context.journal.open({ undo: "scale-back", params: { ...place, replicas: before }, sentence });
    await kube.patch(place, { spec: { replicas } }, "merge", "scale");
    const start = rt.clock.elapsed();
    const waited = await observe(
      rt,
      async () => {
        const { members, problem } = await workloadReadiness(context, ref);
        if (problem !== undefined || members.length !== replicas) {
          return { done: false, seen: problem ?? `${members.length} of ${replicas} pods` };
        }
        return { done: true, value: members.map((member) => member.name) };
      },
      { withinMs: within, onLook: (seen) => context.progress(`scaling ${name}: ${seen}`) },
    );
    const seconds = (rt.clock.elapsed() - start) / 1000;
    if (!waited.ok) return { finished: false, detail: `after ${within / 1000} s: ${waited.seen}`, data: { seconds } };
    const detail = `${name} has ${replicas} ready pods after ${seconds.toFixed(1)} s`;
    return { finished: true, detail, targets: waited.value, data: { seconds } };
  },
});
