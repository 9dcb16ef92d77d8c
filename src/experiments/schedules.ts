import { environmentError } from "../errors.ts";
import type { ActionContext } from "./action.ts";
import { adminError, askAdmin } from "./admin.ts";
import type { Member } from "./member.ts";
import { observe } from "./observe.ts";
import { stageMembers } from "./stage-members.ts";

/** Ends by itself, should we never come back; longer than any experiment. */
const PAUSE = "15m";
const WITHIN_MS = 20_000;

type Where = Pick<ActionContext, "sandbox" | "session" | "lab" | "rt" | "progress">;

/** False: it has no schedule to pause. */
async function pauseOne(where: Where, member: Member): Promise<boolean> {
  const path = `/admin/schedule/pause?for=${PAUSE}`;
  const paused = await observe<boolean>(
    where.rt,
    async () => {
      const answer = await askAdmin(where, member, "POST", path);
      if (answer.status === 200) return { done: true, value: true };
      if (answer.status === 404) return { done: true, value: false };
      return { done: false, seen: adminError(member, "POST", path, answer).message };
    },
    { withinMs: WITHIN_MS },
  );
  if (paused.ok) return paused.value;
  throw environmentError(`the stage could not be paused: ${paused.seen}`);
}

/**
 * Pauses the failure schedules of the lab's own dependencies, so that only the experiment decides when they fail. Returns the function that
 * resumes them.
 */
export async function pauseSchedules(where: Where): Promise<() => Promise<void>> {
  const members = (await stageMembers(where)).filter((member) => member.instrumented && !member.terminating);
  const paused: Member[] = [];
  const resume = async (): Promise<void> => {
    // One that is gone has no schedule to resume, and a pause ends by itself: nothing here is worth failing for.
    await Promise.allSettled(paused.map((member) => askAdmin(where, member, "POST", "/admin/schedule/resume")));
  };
  try {
    for (const member of members) if (await pauseOne(where, member)) paused.push(member);
  } catch (error) {
    await resume();
    throw error;
  }
  if (paused.length > 0) where.progress(`failure schedule paused on ${paused.map((member) => member.name).join(", ")}`);
  return resume;
}
