import { ExitCode, LabsError, noLabError } from "../lib/errors.ts";
import { loadLab } from "../flows/load.ts";
import { fixesFor } from "../lab/solution.ts";
import { solutionText } from "../report/solution-text.ts";
import { textWidth } from "../lib/text.ts";
import type { Runtime } from "../runtime.ts";
import { findSession } from "../flows/find-session.ts";
import { logEvent, readEvents } from "../session/event-log.ts";
import { historyOf } from "../session/history.ts";
import { withSessionLock } from "../session/with-lock.ts";

/** Options of `labs solution`. */
export interface SolutionOptions {
  /** Show it although the lab is not solved; the session records that. */
  readonly giveUp?: boolean;
  readonly json?: boolean;
}

/** Explains cause, repairs and prevention; before the lab is solved only to those who give up. */
export async function solution(rt: Runtime, options: SolutionOptions = {}): Promise<ExitCode> {
  const session = await findSession(rt);
  if (session === undefined) throw noLabError(undefined, `${rt.program} list, then ${rt.program} start <lab>`);
  const { solved, gaveUp } = historyOf(await readEvents(rt, session));
  const open = solved || gaveUp;
  if (!open && options.giveUp !== true) {
    throw new LabsError(ExitCode.notSolved, `lab ${session.lab.id} is not solved yet`, {
      cure: `${rt.program} hint, or ${rt.program} solution --give-up`,
    });
  }
  const lab = await loadLab(rt, session.lab.dir);
  const fixes = await fixesFor(lab, session.variant);
  if (!open) {
    await withSessionLock(rt, "solution", () => logEvent(rt, session, { type: "gave-up" }));
  }
  const data = { lab: lab.id, debrief: lab.debrief, fixes: fixes.map(({ name, text }) => ({ name, text })) };
  rt.out.write(
    options.json === true ? `${JSON.stringify(data, undefined, 2)}\n` : solutionText(lab, fixes, textWidth(rt.out)),
  );
  return ExitCode.done;
}
