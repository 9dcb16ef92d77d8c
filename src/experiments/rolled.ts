import { workloadText, type WorkloadRef } from "../lab/workload.ts";
import type { Waited } from "../lib/poll.ts";
import type { ActionContext } from "./action.ts";
import type { Member } from "./member.ts";
import { observe } from "./observe.ts";
import { workloadStanding } from "./settle.ts";

/** Waits until every pod of a workload is of its newest template and none of `old` (their uids) is left; its pods. */
export async function awaitRolled(
  context: ActionContext,
  ref: WorkloadRef,
  old: ReadonlySet<string>,
  withinMs: number,
): Promise<Waited<readonly Member[]>> {
  return observe(
    context.rt,
    async () => {
      const { members, problem } = await workloadStanding(context, ref);
      if (problem !== undefined) return { done: false, seen: problem };
      const left = members.filter((member) => old.has(member.uid));
      if (left.length > 0) return { done: false, seen: `${left.length} old pods are still there` };
      return { done: true, value: members };
    },
    { withinMs, onLook: (seen) => context.progress(`rolling ${workloadText(ref)}: ${seen}`) },
  );
}
