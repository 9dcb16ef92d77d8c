import type { Lab } from "../lab/lab.ts";
import { fixesFor, type KnownFix } from "../lab/solution.ts";
import { ExitCode, LabsError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { logEvent, readEvents } from "../session/event-log.ts";
import { historyOf } from "../session/history.ts";
import { withSessionLock } from "../session/with-lock.ts";
import type { Progress } from "../ui/progress.ts";
import { undoInterrupted } from "./at-work.ts";
import { expectSession } from "./find-session.ts";
import { loadLab } from "./load.ts";

/** A lab with the repairs that are known for the session's root cause. */
export interface Solution {
  readonly lab: Lab;
  readonly fixes: readonly KnownFix[];
}

/**
 * The solution of the running lab. Exit 1 before it is solved, unless the learner gives up, which the session's journal keeps; exit 4 without a
 * lab.
 */
export async function readSolution(rt: Runtime, giveUp: boolean, progress: Progress): Promise<Solution> {
  const session = await expectSession(rt, progress);
  await undoInterrupted(rt, session, progress);
  const { solved, gaveUp } = historyOf(await readEvents(rt, session));
  const open = solved || gaveUp;
  if (!open && !giveUp) {
    throw new LabsError(ExitCode.notSolved, `lab ${session.lab.id} is not solved yet`, {
      cure: `${rt.program} hint, or ${rt.program} solution --give-up`,
    });
  }
  const lab = await loadLab(rt, session.lab.dir);
  const fixes = await fixesFor(lab, session.variant);
  if (!open) await withSessionLock(rt, "solution", () => logEvent(rt, session, { type: "gave-up" }));
  return { lab, fixes };
}
