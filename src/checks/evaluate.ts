import type { CheckEntry } from "../lab/lab.ts";
import { poll } from "../lib/poll.ts";
import type { AnyCheckType, Observation } from "./check.ts";
import { look, lookSteadily, type LookContext } from "./look.ts";
import { checkTypes } from "./registry.ts";
import { span } from "../lib/text.ts";

/** The end of a check with an identity: what was seen last, after how many looks, in what time. */
export interface Evaluation {
  readonly observation: Observation;
  readonly attempts: number;
  readonly durationMs: number;
}

/** How `evaluate` looks; the defaults are what a verify uses. */
export interface EvaluateOptions {
  readonly types?: readonly AnyCheckType[];
  /** Called with what each look saw that did not pass yet. */
  readonly onLook?: (seen: string) => void;
}

/**
 * Evaluates one check: it must become true within its time, and then stay true for its time. A look that could not see is tried again while
 * there is time; in the time that it must stay true it ends the wait, because nobody knows what was missed.
 */
export async function evaluate(
  entry: CheckEntry,
  context: LookContext,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const { types = checkTypes, onLook } = options;
  const { clock, signal } = context.rt;
  const start = clock.elapsed();
  let attempts = 0;
  let last: Observation = { outcome: "error", expected: entry.title, observed: "nobody looked" };

  await poll(
    async () => {
      attempts += 1;
      last = await lookSteadily(entry.check, context, types);
      return last.outcome === "pass" ? { done: true, value: last } : { done: false, seen: last.observed };
    },
    { clock, signal, withinMs: entry.withinMs, everyMs: 1000, ...(onLook === undefined ? {} : { onLook }) },
  );
  if (last.outcome === "pass" && entry.forMs > 0) last = await hold();
  return { observation: last, attempts, durationMs: clock.elapsed() - start };

  async function hold(): Promise<Observation> {
    const since = clock.elapsed();
    const waited = await poll<Observation>(
      async () => {
        attempts += 1;
        const seen = await look(entry.check, context, types);
        if (seen.outcome !== "pass") return { done: true, value: seen };
        last = seen;
        return { done: false, seen: seen.observed };
      },
      { clock, signal, withinMs: entry.forMs, everyMs: 1000 },
    );
    if (!waited.ok) return { ...last, observed: `${last.observed}, for ${span(entry.forMs)}` };
    const { value } = waited;
    const expected = `${value.expected}, for ${span(entry.forMs)}`;
    const after = `${value.observed}, after ${span(clock.elapsed() - since)}`;
    return value.outcome === "fail" ? { ...value, expected, observed: after } : value;
  }
}
