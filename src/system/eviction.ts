import type { Scope } from "./scope.ts";
import { z } from "zod";
import { kubeOf } from "./objects.ts";
import type { Kube } from "../kube/kube.ts";
import type { WorkloadRef } from "../lab/workload.ts";
import { environmentError } from "../lib/errors.ts";
import { workloadMembers } from "./members.ts";
import { workerNodes } from "./nodes.ts";
import type { RunRecord } from "./record.ts";

/** The pod to evict; the uid, so that a successor of the same name is left alone. */
export interface EvictedPod {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
}

/**
 * What the API server said to an eviction. `pending`: ask again, the budget has not been counted anew since it was changed. `impossible`: no
 * repetition helps, for example with two budgets for one pod.
 */
export type EvictionAnswer =
  | { readonly outcome: "accepted" | "gone" }
  | { readonly outcome: "refused" | "pending"; readonly budget: string; readonly cause: string }
  | { readonly outcome: "impossible"; readonly cause: string };

const status = z.looseObject({
  message: z.string().default(""),
  details: z
    .looseObject({
      causes: z.array(z.looseObject({ reason: z.string().default(""), message: z.string().default("") })).default([]),
    })
    .nullish(),
});

// "The disruption budget checkout needs 3 healthy pods and has 3 currently", or "… is still being processed by the server."
const CAUSE = /^The disruption budget (\S+) (.*?)(?: currently)?\.?$/;

function refusal(body: z.infer<typeof status>): EvictionAnswer | undefined {
  const cause = (body.details?.causes ?? []).find(({ reason }) => reason === "DisruptionBudget");
  if (cause === undefined) return undefined;
  const [, budget = "", text = cause.message] = CAUSE.exec(cause.message) ?? [];
  return { outcome: text.includes("still being processed") ? "pending" : "refused", budget, cause: text };
}

/**
 * Asks the API server to evict a pod, as `kubectl drain` does; a dry run changes nothing. Throws when the answer is about the server and not
 * about the pod.
 */
export async function evictPod(
  kube: Kube,
  { name, namespace, uid }: EvictedPod,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): Promise<EvictionAnswer> {
  const metadata = { name, namespace };
  const deleteOptions = { preconditions: { uid } };
  const body = { apiVersion: "policy/v1", kind: "Eviction", metadata, deleteOptions };
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction${dryRun ? "?dryRun=All" : ""}`;
  const answer = await kube.request("POST", path, { body });
  if (answer.status >= 200 && answer.status < 300) return { outcome: "accepted" };
  // A conflict is about the uid: another pod has taken the name.
  if (answer.status === 404 || answer.status === 409) return { outcome: "gone" };
  const said = status.safeParse(answer.body);
  const told = said.success ? said.data : { message: answer.text };
  const refused = answer.status === 429 && said.success ? refusal(said.data) : undefined;
  if (refused !== undefined) return refused;
  const cause = `status ${answer.status}: ${told.message.trim()}`;
  const ofPod = answer.status < 500 && answer.status !== 429;
  if (ofPod || told.message.includes("more than one PodDisruptionBudget")) return { outcome: "impossible", cause };
  throw environmentError(`the eviction of ${name} was not answered: ${cause}`);
}

/** An answer that is no acceptance, in a sentence: "429 from poddisruptionbudget/checkout: needs 3 healthy pods and has 3". */
export function evictionText(answer: EvictionAnswer): string {
  switch (answer.outcome) {
    case "refused":
    case "pending":
      return `429 from poddisruptionbudget/${answer.budget}: ${answer.cause}`;
    case "impossible":
      return answer.cause;
    default:
      return answer.outcome;
  }
}

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
export async function presentEvictions(context: Scope, ref: WorkloadRef): Promise<EvictionAnswer[]> {
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
