import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import type { Kube } from "../../kube/kube.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { awaitBudgets, whyUncounted } from "../../system/budgets.ts";
import { evictPod, evictionText, type EvictionAnswer } from "../../system/eviction.ts";
import type { Member } from "../../system/member.ts";
import { workloadMembers } from "../../system/members.ts";
import { observe } from "../../lib/poll.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const PENDING_MS = 20_000;

/** One eviction, repeated only while the budget behind it is being counted anew. One that can never be counted refuses. */
async function evictOne(context: ActionContext, kube: Kube, pod: Member): Promise<EvictionAnswer> {
  let budget = "";
  const waited = await observe<EvictionAnswer>(
    context.rt,
    async () => {
      const answer = await evictPod(kube, pod);
      if (answer.outcome !== "pending") return { done: true, value: answer };
      budget = answer.budget;
      return { done: false, seen: evictionText(answer) };
    },
    { withinMs: PENDING_MS },
  );
  if (waited.ok) return waited.value;
  const why = await whyUncounted(kube, pod.namespace, budget);
  if (why !== undefined) return { outcome: "refused", budget, cause: `cannot count its pods: ${why}` };
  throw environmentError(`the eviction of ${pod.name} was not decided: ${waited.seen}`);
}

/** Evicts pods of a workload, all at the same moment, as several drains at once would; what is refused stays refused. */
export const evict = defineAction({
  name: "evict",
  summary: "Ask for the eviction of all pods of a workload at the same moment, and note who was let go",
  needs: ["cluster"],
  params: z.strictObject({ of: workload, pods: z.int().min(1).optional().describe("So many; default: all of them") }),
  async run({ of, pods }, context) {
    const { kube } = clusterOf(context.sandbox);
    const name = workloadText(of);
    await awaitBudgets(context, kube);
    const members = (await workloadMembers(context, of)).filter((member) => member.ready && !member.terminating);
    const chosen = members.slice(0, pods ?? members.length);
    if (chosen.length < (pods ?? 1)) {
      return { finished: false, detail: `${name} has ${members.length} ready pods, ${pods ?? 1} are needed` };
    }
    const answers = await Promise.all(chosen.map((pod) => evictOne(context, kube, pod)));
    const accepted = chosen.filter((_, index) => answers[index]?.outcome === "accepted").map((pod) => pod.name);
    const no = answers.find(({ outcome }) => outcome !== "accepted");
    const rest = no === undefined ? "" : `, the others not: ${evictionText(no)}`;
    return {
      finished: true,
      detail: `${accepted.length} of ${chosen.length} evictions at once were accepted${rest}`,
      targets: accepted,
      data: { evictions: answers.map((answer, index) => ({ pod: chosen[index]?.name ?? "", ...answer })) },
    };
  },
});
