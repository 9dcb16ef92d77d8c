import type { Hint } from "../lab/lab.ts";
import { substitute } from "../lab/values.ts";
import type { Runtime } from "../runtime.ts";
import { logEvent, readEvents } from "../session/event-log.ts";
import { historyOf, nextHint } from "../session/history.ts";
import type { Progress } from "../ui/progress.ts";
import { undoInterrupted } from "./at-work.ts";
import { expectSession } from "./find-session.ts";
import { loadLab } from "./load.ts";

/** Hints of the running lab, with its values filled in. */
export interface HintsGiven {
  /** Given before, in that order. */
  readonly before: readonly Hint[];
  /** Given now; undefined when all that apply were given. */
  readonly next: Hint | undefined;
}

/** Gives the next hint of the running lab, and remembers that. Exit 4 without a lab. The caller holds the session lock. */
export async function giveHint(rt: Runtime, progress: Progress): Promise<HintsGiven> {
  const session = await expectSession(rt, progress);
  await undoInterrupted(rt, session, progress);
  const lab = await loadLab(rt, session.lab.dir);
  const hints = substitute(lab.hints, session.values);
  const history = historyOf(await readEvents(rt, session));
  const before = history.shown.flatMap((place) => hints[place] ?? []);
  const place = nextHint(hints, history);
  const next = place === undefined ? undefined : hints[place];
  if (place !== undefined && next !== undefined) {
    await logEvent(rt, session, { type: "hint", hint: place, level: next.level });
  }
  return { before, next };
}
