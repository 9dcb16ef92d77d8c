import type { Observation } from "../checks/check.ts";
import { evaluate } from "../checks/evaluate.ts";
import type { LookContext } from "../checks/look.ts";
import { environmentError } from "../lib/errors.ts";
import { poll } from "../lib/poll.ts";

/** A symptom as it is visible at hand-over. */
export interface SeenSymptom {
  readonly title: string;
  readonly observation: Observation;
}

/**
 * Waits until every symptom of the lab holds: start hands over when the learner can see what is wrong, never when things are healthy. Throws
 * exit 3 with what was seen last when a symptom does not show within its own time.
 */
export async function awaitSymptom(
  context: LookContext,
  note: (text: string) => void,
): Promise<readonly SeenSymptom[]> {
  const seen = await Promise.all(
    context.lab.symptom.map(async (entry) => ({
      title: entry.title,
      observation: (await evaluate(entry, context, { onLook: note })).observation,
    })),
  );
  const missing = seen.find(({ observation }) => observation.outcome !== "pass");
  if (missing === undefined) return seen;
  const { rt, lab } = context;
  throw environmentError(
    `the symptom "${missing.title}" of lab ${lab.id} did not show\n  expected  ${missing.observation.expected}\n  observed  ${missing.observation.observed}`,
    { cure: `${rt.program} start ${lab.id} again; if it does not show again, ${rt.program} prove ${lab.id}` },
  );
}

/** What a change of the cluster needs to reach every node: whoever looks at the symptom again does not look sooner. */
const RELIEF_WITHIN_MS = 10_000;

/**
 * Whether every symptom of the lab still holds, some seconds after somebody did something about it. It is gone once one of them was seen not to
 * hold; a look that failed shows nothing. Throws exit 3 when no look could tell.
 */
export async function symptomLasts(context: LookContext): Promise<boolean> {
  const { clock, signal } = context.rt;
  let unseen = "";
  const relief = await poll(
    async () => {
      const looks = await Promise.all(
        context.lab.symptom.map(async (entry) => ({
          entry,
          ...(await evaluate({ ...entry, withinMs: 0, forMs: 0 }, context)),
        })),
      );
      const errors = looks.filter(({ observation }) => observation.outcome === "error");
      unseen = errors.map(({ entry, observation }) => `${entry.title}: ${observation.observed}`).join("; ");
      const gone = looks.some(({ observation }) => observation.outcome === "fail");
      return gone ? { done: true, value: true } : { done: false, seen: "the symptom" };
    },
    { clock, signal, withinMs: RELIEF_WITHIN_MS },
  );
  if (!relief.ok && unseen !== "") throw environmentError(`whether the symptom is gone could not be seen: ${unseen}`);
  return !relief.ok;
}
