import { interruptedError } from "../errors.ts";
import type { Experiment } from "../lab/lab.ts";
import type { ActionContext, ActionOutcome, AnyActionType } from "./action.ts";
import { findAction } from "./find-action.ts";
import type { ActionRecord } from "./record.ts";
import { runActionType } from "./run-action-type.ts";

/** One action as it went, with all that it brought. */
export interface Step {
  readonly record: ActionRecord;
  readonly outcome: ActionOutcome;
}

/** Runs the `do` actions one after the other, as often as the experiment says. One that does not finish does not hold up the next. */
export async function runSteps(
  experiment: Pick<Experiment, "do" | "repeat">,
  context: ActionContext,
  types: readonly AnyActionType[],
): Promise<Step[]> {
  const { clock, signal } = context.rt;
  const steps: Step[] = [];
  for (let round = 0; round < (experiment.repeat ?? 1); round += 1) {
    for (const spec of experiment.do) {
      if (signal.aborted) throw interruptedError();
      const startedAt = clock.now();
      const outcome = await runActionType(findAction(spec.name, types), spec, context);
      const { finished, detail, targets = [], data = {} } = outcome;
      const record = { action: spec.name, startedAt, endedAt: clock.now(), finished, detail, targets, data };
      context.progress(detail);
      steps.push({ record, outcome });
    }
  }
  if (signal.aborted) throw interruptedError();
  return steps;
}
