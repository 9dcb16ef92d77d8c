import type { EventOf } from "../session/events.ts";
import type { Experiment } from "../lab/lab.ts";
import { type Ledger, createLedger, waitsFor } from "./ledger.ts";
import type { CheckResult, VerifyContext, VerifyResult } from "./verify-context.ts";
import { verifyExperiment } from "./verify-experiment.ts";
import {
  type PassiveEntry,
  builtInGuards,
  verifyBuiltIns,
  verifyGuardsAgain,
  verifyPassive,
} from "./verify-passive.ts";

/** Any fail is 1; else anything that nobody could judge is 3; else 0. */
export function exitCodeOf(results: readonly Pick<CheckResult, "outcome">[]): VerifyResult["exitCode"] {
  if (results.some((result) => result.outcome === "fail")) return 1;
  return results.every((result) => result.outcome === "pass") ? 0 : 3;
}

/** Guards and passive objectives, apart from those that need the outcome of an experiment. */
function entriesOf({ lab }: VerifyContext): { readonly now: PassiveEntry[]; readonly later: PassiveEntry[] } {
  const entries: PassiveEntry[] = [
    ...lab.guards.map((entry): PassiveEntry => ({ entry, part: { role: "guard" } })),
    ...lab.objectives.map((entry): PassiveEntry => ({ entry, part: { role: "objective" } })),
  ];
  const experimental = new Set(lab.experiments.flatMap((one) => one.objectives.map((entry) => entry.id)));
  const waits = ({ entry }: PassiveEntry) => entry.needs.some((id) => experimental.has(id));
  return { now: entries.filter((one) => !waits(one)), later: entries.filter(waits) };
}

function skipObjectives({ id, objectives }: Experiment, ledger: Ledger, why: string): void {
  for (const entry of objectives) ledger.skip(entry, { role: "objective", experiment: id }, why);
}

/** Experiments disturb the sandbox, and prove nothing about a broken one: they run only where everything else has passed. */
async function verifyExperiments(context: VerifyContext, ledger: Ledger): Promise<number> {
  const { experiments } = context.lab;
  const unmet = ledger.unmet(ledger.results().map((result) => result.id));
  if (unmet.length > 0) {
    for (const experiment of experiments) skipObjectives(experiment, ledger, waitsFor(unmet));
    return 0;
  }
  let windowsMs = 0;
  const remembering = { ...context, unsettled: new Set<string>() };
  for (const experiment of experiments) {
    if (context.enough?.(ledger.results()) === true) skipObjectives(experiment, ledger, "nobody asks for more");
    else windowsMs += await verifyExperiment(experiment, remembering, ledger);
  }
  if (experiments.length > 0) await verifyGuardsAgain(context, ledger);
  return windowsMs;
}

function named({ id, title }: Pick<CheckResult, "id" | "title">) {
  return { id, title };
}

/** Every check that this verify will tell of, in the order in which it tells. */
function checksOf({ lab }: VerifyContext): EventOf<"verify-started">["checks"] {
  return [
    ...builtInGuards.map(named),
    ...[...lab.guards, ...lab.objectives].map(named),
    ...lab.experiments.flatMap(({ id, objectives }) =>
      objectives.map((entry) => ({ ...named(entry), experiment: id })),
    ),
  ];
}

/** In the order of the lab file, whatever came to an end first. */
function inOrder(context: VerifyContext, results: readonly CheckResult[]): CheckResult[] {
  const order = checksOf(context).map(({ id }) => id);
  return results.toSorted((one, other) => order.indexOf(one.id) - order.indexOf(other.id));
}

/**
 * Finds out whether a lab is solved: built-in guards, then the lab's guards and passive objectives side by side, then the experiments in file
 * order, then the guards once more.
 */
export async function verify(context: VerifyContext): Promise<VerifyResult> {
  const { clock } = context.rt;
  const startedAt = new Date(clock.now()).toISOString();
  const start = clock.elapsed();
  context.onProgress({ type: "verify-started", checks: checksOf(context) });
  const ledger = createLedger(context.onProgress);
  const { now, later } = entriesOf(context);
  await verifyBuiltIns(context, ledger);
  await verifyPassive(now, context, ledger);
  const windowsMs = await verifyExperiments(context, ledger);
  await verifyPassive(later, context, ledger);
  const results = inOrder(context, ledger.results());
  const exitCode = exitCodeOf(results);
  return {
    lab: context.lab.id,
    variant: context.session.variant,
    solved: exitCode === 0,
    exitCode,
    results,
    undone: context.undone,
    startedAt,
    durationMs: clock.elapsed() - start,
    windowsMs,
  };
}
