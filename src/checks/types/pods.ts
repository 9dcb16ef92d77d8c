import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { bounds, boundsText, isWithin } from "../../lib/compare.ts";
import { textAt } from "../../lib/fields.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { hasOneTarget, lookAtPods, oneTarget, podTarget, targetPods, targetText } from "../../system/target.ts";
import { isReady } from "../../kube/workload.ts";
import { isOver, restartsOf, stateOf, waitingReasons } from "../../system/pod.ts";

const params = z
  .strictObject({
    ...podTarget,
    count: bounds.optional().describe("How many pods are as told; without it all of them must be"),
    ready: z.boolean().optional(),
    phase: z.enum(["Pending", "Running", "Succeeded", "Failed", "Unknown"]).optional(),
    waiting: z.string().optional().describe("Reason for which a container waits: CrashLoopBackOff"),
    match: z.enum(["every", "any"]).default("every"),
  })
  .refine(hasOneTarget, oneTarget);

type Params = z.infer<typeof params>;

function isAsTold(pod: KubeObject, { ready, phase, waiting }: Params): boolean {
  return (
    (ready === undefined || isReady(pod) === ready) &&
    (phase === undefined || textAt(pod, "status", "phase") === phase) &&
    (waiting === undefined || waitingReasons(pod).includes(waiting))
  );
}

function wanted({ ready, phase, waiting }: Params): string {
  const parts = [
    ready === undefined ? "" : ready ? "ready" : "not ready",
    phase ?? "",
    waiting === undefined ? "" : `waiting: ${waiting}`,
  ];
  return parts.filter((part) => part !== "").join(", ") || "there";
}

function describe(pod: KubeObject): string {
  return `pod/${pod.metadata.name} ${isReady(pod) ? "ready" : "not ready"}, ${stateOf(pod)}, ${restartsOf(pod)} restarts`;
}

/** How many pods are ready, in a phase, or waiting for a reason. */
export const pods = defineCheck<Params>({
  name: "pods",
  summary: "Pods of a workload or selector are as told; terminating and outdated pods do not count",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const all = await targetPods(context, given);
    const number = given.count === undefined ? given.match : boundsText(given.count);
    const expected = `${number} of ${targetText(given)} ${wanted(given)}`;
    const lookAt = lookAtPods(context, given);
    if (typeof all === "string") return verdict(false, expected, all, { lookAt });
    // Pods that ended stay behind as records; they count only where a check asks for their phase.
    const counted = all.filter((pod) => given.phase !== undefined || !isOver(pod));
    const good = counted.filter((pod) => isAsTold(pod, given));
    const enough = given.match === "any" ? good.length > 0 : good.length === counted.length;
    // Nothing matches is a fail, unless the check says that there shall be none.
    const empty = counted.length === 0 && !(given.count?.atMost === 0 && wanted(given) === "there");
    const passed = !empty && (given.count === undefined ? enough : isWithin(good.length, given.count));
    const telling = passed ? good : counted.filter((pod) => !good.includes(pod));
    const detail = joined((telling.length > 0 ? telling : counted).map(describe));
    const observed = counted.length === 0 ? "no pods" : `${good.length} of ${counted.length}: ${detail}`;
    return verdict(passed, expected, observed, { lookAt });
  },
});
