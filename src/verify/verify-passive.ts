import pLimit from "p-limit";
import type { CheckContext, Observation } from "../checks/check.ts";
import { type Evaluation, evaluate } from "../checks/evaluate.ts";
import { instrumented } from "../checks/guards/instrumented.ts";
import { stageIntact } from "../checks/guards/stage-intact.ts";
import { look, observed, withLimit } from "../checks/look.ts";
import type { CheckEntry } from "../lab/lab.ts";
import { type Ledger, type Part, waitsFor } from "./ledger.ts";
import type { VerifyContext } from "./verify-context.ts";

/** How many checks look at the sandbox at a time. */
const sideBySide = 6;
const builtInLimitMs = 15_000;

interface BuiltIn {
  readonly id: string;
  readonly title: string;
  run(context: CheckContext): Promise<Observation>;
}

const builtIns: readonly BuiltIn[] = [
  { id: "stage-intact", title: "The stage is as it was set up", run: stageIntact },
  { id: "instrumented", title: "Experiments can reach what they need", run: instrumented },
];

/** The guards that every lab has. */
export const builtInGuards: readonly Pick<BuiltIn, "id" | "title">[] = builtIns;

/** One entry of a lab file and what it is in it. */
export interface PassiveEntry {
  readonly entry: CheckEntry;
  readonly part: Part;
}

async function runBuiltIn(guard: BuiltIn, context: VerifyContext): Promise<Evaluation> {
  const { clock } = context.rt;
  const start = clock.elapsed();
  const observation = await observed(context.rt, guard.title, () =>
    withLimit(context.rt, builtInLimitMs, (rt) =>
      guard.run({ ...context, rt, evaluate: () => Promise.reject(new Error("a built-in guard nests no checks")) }),
    ),
  );
  return { observation, attempts: 1, durationMs: clock.elapsed() - start };
}

/** Looks at the built-in guards. */
export async function verifyBuiltIns(context: VerifyContext, ledger: Ledger): Promise<void> {
  const evaluations = await Promise.all(
    builtIns.map(async (guard) => ({ guard, seen: await runBuiltIn(guard, context) })),
  );
  for (const { guard, seen } of evaluations) ledger.add(guard, { role: "guard" }, seen);
}

/** Evaluates entries side by side, each once what it needs is known; skips those whose needs are not met. */
export async function verifyPassive(
  entries: readonly PassiveEntry[],
  context: VerifyContext,
  ledger: Ledger,
): Promise<void> {
  let pending = entries;
  while (pending.length > 0) {
    const ready = pending.filter(({ entry }) => entry.needs.every((id) => ledger.has(id)));
    if (ready.length === 0) {
      for (const { entry, part } of pending) ledger.skip(entry, part, waitsFor(ledger.unmet(entry.needs)));
      return;
    }
    await pLimit(sideBySide).map(ready, async ({ entry, part }) => {
      const unmet = ledger.unmet(entry.needs);
      if (unmet.length > 0) ledger.skip(entry, part, waitsFor(unmet));
      else await verifyEntry(entry, part, context, ledger);
    });
    pending = pending.filter((one) => !ready.includes(one));
  }
}

async function verifyEntry(entry: CheckEntry, part: Part, context: VerifyContext, ledger: Ledger): Promise<void> {
  const { id, title } = entry;
  context.onProgress({ type: "check-started", id, title });
  const options = {
    onLook: (text: string) => context.onProgress({ type: "check-looked", id, text }),
    ...(context.types === undefined ? {} : { types: context.types }),
  };
  ledger.add(entry, part, await evaluate(entry, context, options));
}

/**
 * Looks once more at guards that had passed: an experiment, or the learner meanwhile, may have undone what they keep. Not where something has
 * failed: the verdict is there, and of a system that an experiment has broken guards tell nothing new.
 */
export async function verifyGuardsAgain(context: VerifyContext, ledger: Ledger): Promise<void> {
  if (ledger.results().some(({ outcome }) => outcome === "fail")) return;
  const part: Part = { role: "guard" };
  const passed = (id: string) => ledger.unmet([id]).length === 0;
  const again = async (guard: Pick<CheckEntry, "id" | "title">, seen: Promise<Observation>): Promise<void> => {
    const start = context.rt.clock.elapsed();
    const observation = await seen;
    if (observation.outcome === "pass") return;
    const late = { ...observation, observed: `at the end of this verify: ${observation.observed}` };
    ledger.add(guard, part, { observation: late, attempts: 2, durationMs: context.rt.clock.elapsed() - start });
  };
  await Promise.all([
    ...builtIns
      .filter(({ id }) => passed(id))
      .map((guard) =>
        again(
          guard,
          runBuiltIn(guard, context).then((one) => one.observation),
        ),
      ),
    ...context.lab.guards
      .filter(({ id }) => passed(id))
      .map((entry) => again(entry, look(entry.check, context, context.types))),
  ]);
}
