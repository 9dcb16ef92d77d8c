import { z } from "zod";
import { evictionText, evictPod, type EvictionAnswer } from "../../experiments/eviction.ts";
import { workloadMembers } from "../../experiments/members.ts";
import { workerNodes } from "../../experiments/nodes.ts";
import type { RunRecord } from "../../experiments/record.ts";
import type { WorkloadRef } from "../../lab/workload.ts";
import type { CheckContext } from "../check.ts";
import { kubeOf } from "./sandbox-kube.ts";

const answer = z.discriminatedUnion("outcome", [
  z.looseObject({ outcome: z.enum(["accepted", "gone"]) }),
  z.looseObject({ outcome: z.enum(["refused", "pending"]), budget: z.string(), cause: z.string() }),
  z.looseObject({ outcome: z.literal("impossible"), cause: z.string() }),
]);
const data = z.looseObject({ evictions: z.array(answer) });

/** What the `evict` actions of an experiment were told. */
export function recordedEvictions(record: RunRecord): EvictionAnswer[] {
  return record.actions
    .filter(({ action, data: noted }) => action === "evict" && noted["evictions"] !== undefined)
    .flatMap((action) => data.parse(action.data).evictions);
}

/** What an eviction of each pod of a workload would be told now, of those on worker nodes: a drain asks for no others. Nothing is evicted. */
export async function presentEvictions(context: CheckContext, ref: WorkloadRef): Promise<EvictionAnswer[]> {
  const kube = kubeOf(context);
  const [nodes, members] = await Promise.all([workerNodes(kube), workloadMembers(context, ref)]);
  const workers = new Set(nodes.map((node) => node.metadata.name));
  const there = members.filter((member) => workers.has(member.node) && !member.terminating);
  return Promise.all(there.map((member) => evictPod(kube, member, { dryRun: true })));
}

/** "1 of 3 accepted, the others not: 429 from poddisruptionbudget/checkout: needs 2 healthy pods and has 2". */
export function evictionsText(answers: readonly EvictionAnswer[]): string {
  const no = answers.find(({ outcome }) => outcome !== "accepted");
  return `${acceptedOf(answers)}${no === undefined ? "" : `, the others not: ${evictionText(no)}`}`;
}

/** "1 of 3 accepted": enough for a symptom, which must not tell its cause. */
export function acceptedOf(answers: readonly EvictionAnswer[]): string {
  return `${answers.filter(({ outcome }) => outcome === "accepted").length} of ${answers.length} accepted`;
}
