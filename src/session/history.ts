import type { Hint } from "../lab/lab.ts";
import type { SessionEvent } from "./events.ts";

/** What a session's events say about its learner. */
export interface History {
  /** Places in the lab's list of hints, in the order in which they were shown. */
  readonly shown: readonly number[];
  /** How often a hint was shown, as the learner counts. */
  readonly hintsShown: number;
  /** Checks that failed in the last verify. */
  readonly failing: readonly string[];
  /** A verify has found it repaired since it was last broken. */
  readonly solved: boolean;
  /** The solution was asked for before that. */
  readonly gaveUp: boolean;
}

const nothing: History = { shown: [], hintsShown: 0, failing: [], solved: false, gaveUp: false };

function after(history: History, event: SessionEvent): History {
  switch (event.type) {
    case "started":
    case "reset":
      return { ...history, solved: false };
    case "hint": {
      const shown = history.shown.includes(event.hint) ? history.shown : [...history.shown, event.hint];
      return { ...history, shown, hintsShown: history.hintsShown + 1 };
    }
    case "gave-up":
      return { ...history, gaveUp: true };
    case "verified": {
      const failing = event.outcomes.filter(({ outcome }) => outcome === "fail").map(({ id }) => id);
      return { ...history, failing, solved: history.solved || event.solved };
    }
    default:
      return history;
  }
}

/** What became of a session, from all its events, oldest first. */
export function historyOf(events: readonly SessionEvent[]): History {
  return events.reduce(after, nothing);
}

/**
 * The place of the hint to show next; undefined when all that apply were shown. Hints for a check that fails now come first, those for a
 * check that does not fail are kept back; the rest in file order, which goes from nudge to command.
 */
export function nextHint(
  hints: readonly Hint[],
  { shown, failing }: Pick<History, "shown" | "failing">,
): number | undefined {
  const left = [...hints.entries()].filter(([place]) => !shown.includes(place));
  const urgent = left.find(([, { when }]) => when !== undefined && failing.includes(when));
  return (urgent ?? left.find(([, { when }]) => when === undefined))?.[0];
}
