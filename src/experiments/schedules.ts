import { environmentError } from "../lib/errors.ts";
import type { ActionContext } from "./action.ts";
import { adminError, askAdmin } from "../system/admin.ts";
import { memberText, type Member } from "../system/member.ts";
import { observe } from "../lib/poll.ts";
import { stageMembers } from "../system/target.ts";

/** Ends by itself, should we never come back; longer than any experiment. */
const PAUSE = "15m";
const WITHIN_MS = 20_000;

type Where = Pick<ActionContext, "sandbox" | "session" | "lab" | "rt" | "progress">;

/** Pauses one; says why not where it could not be done. One that answers 404 has no schedule. */
async function pauseOne(where: Where, member: Member): Promise<"paused" | "has none" | { readonly problem: string }> {
  const path = `/admin/schedule/pause?for=${PAUSE}`;
  // A pod that has just been made has no address yet.
  if (member.host === "") return { problem: memberText(member) };
  const answer = await askAdmin(where, member, "POST", path);
  if (answer.status === 200) return "paused";
  return answer.status === 404 ? "has none" : { problem: adminError(member, "POST", path, answer).message };
}

/**
 * Pauses the failure schedules of the lab's own dependencies, so that only the experiment decides when they fail. Returns the function that
 * resumes them.
 */
export async function pauseSchedules(where: Where): Promise<() => Promise<void>> {
  const done = new Set<string>();
  const paused: Member[] = [];
  const resume = async (): Promise<void> => {
    // One that is gone has no schedule to resume, and a pause ends by itself: nothing here is worth failing for.
    await Promise.allSettled(paused.map((member) => askAdmin(where, member, "POST", "/admin/schedule/resume")));
  };
  try {
    const waited = await observe(
      where.rt,
      async () => {
        const members = await stageMembers(where);
        for (const member of members) {
          if (!member.instrumented || member.terminating || done.has(member.uid)) continue;
          const end = await pauseOne(where, member);
          if (typeof end === "object") return { done: false, seen: end.problem };
          done.add(member.uid);
          if (end === "paused") paused.push(member);
        }
        return { done: true, value: undefined };
      },
      { withinMs: WITHIN_MS },
    );
    if (!waited.ok) throw environmentError(`the stage could not be paused: ${waited.seen}`);
  } catch (error) {
    await resume();
    throw error;
  }
  if (paused.length > 0) where.progress(`failure schedule paused on ${paused.map((member) => member.name).join(", ")}`);
  return resume;
}
