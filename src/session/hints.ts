import { z } from "zod";
import type { SessionEvent } from "./events.ts";
import type { Hint } from "../lab/lab.ts";

/** What a session's events say about hints. */
export interface HintHistory {
  /** Places in the lab's list of hints, in the order in which they were shown. */
  readonly shown: readonly number[];
  /** Checks that failed in the last verify. */
  readonly failing: readonly string[];
}

const hintEvent = z.looseObject({ type: z.literal("hint"), hint: z.int() });
const verifiedEvent = z.looseObject({
  type: z.literal("verified"),
  outcomes: z.array(z.looseObject({ id: z.string(), outcome: z.string() })),
});

/** Reads shown hints and failing checks out of a session's events. */
export function hintHistory(events: readonly SessionEvent[]): HintHistory {
  const shown: number[] = [];
  let failing: string[] = [];
  for (const event of events) {
    const hint = hintEvent.safeParse(event);
    if (hint.success && !shown.includes(hint.data.hint)) shown.push(hint.data.hint);
    const verified = verifiedEvent.safeParse(event);
    if (verified.success) {
      failing = verified.data.outcomes.filter(({ outcome }) => outcome === "fail").map(({ id }) => id);
    }
  }
  return { shown, failing };
}

/**
 * The place of the hint to show next; undefined when all that apply were shown. Hints for a check that fails now come first, those for a
 * check that does not fail are kept back; the rest in file order, which goes from nudge to command.
 */
export function nextHint(hints: readonly Hint[], { shown, failing }: HintHistory): number | undefined {
  const left = [...hints.entries()].filter(([place]) => !shown.includes(place));
  const urgent = left.find(([, { when }]) => when !== undefined && failing.includes(when));
  return (urgent ?? left.find(([, { when }]) => when === undefined))?.[0];
}
