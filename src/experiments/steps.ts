import { interruptedError } from "../lib/errors.ts";
import type { ActionSpec } from "../lab/lab.ts";
import type { ActionContext, ActionOutcome, AnyActionType } from "./action.ts";
import { findAction } from "./find-action.ts";
import type { ActionRecord } from "./record.ts";
import { runActionType } from "./run-action-type.ts";

/** One action as it went, with all that it brought. */
export interface Step {
  readonly record: ActionRecord;
  readonly outcome: ActionOutcome;
}

/** Runs the `do` actions one after the other. One that does not finish does not hold up the next. */
export async function runSteps(
  specs: readonly ActionSpec[],
  context: ActionContext,
  types: readonly AnyActionType[],
): Promise<Step[]> {
  const { clock, signal } = context.rt;
  const steps: Step[] = [];
  for (const spec of specs) {
    if (signal.aborted) throw interruptedError();
    const startedAt = clock.elapsed();
    const outcome = await runActionType(findAction(spec.name, types), spec, context);
    const { finished, detail, targets = [], data = {} } = outcome;
    const record = { action: spec.name, startedAt, endedAt: clock.elapsed(), finished, detail, targets, data };
    context.progress(detail);
    steps.push({ record, outcome });
  }
  if (signal.aborted) throw interruptedError();
  return steps;
}
