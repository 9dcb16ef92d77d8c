import { interruptedError, messageOf } from "../lib/errors.ts";
import { type ActionContext, RefusedError } from "../experiments/action.ts";
import type { RunRecord } from "../system/record.ts";
import type { Experiment } from "../lab/lab.ts";
import { evaluate } from "../checks/evaluate.ts";
import { waitsFor, type Ledger, type Part } from "./ledger.ts";
import { lookSteadily } from "../checks/look.ts";
import type { VerifyContext } from "./verify-context.ts";
import type { Observation } from "../checks/check.ts";

async function run(experiment: Experiment, context: VerifyContext): Promise<RunRecord> {
  const { id } = experiment;
  const { undone: _undone, runExperiment, onProgress, types, ...rest } = context;
  const action: ActionContext = {
    ...rest,
    progress: (text) => onProgress({ type: "experiment-progress", experiment: id, text }),
    evaluate: (spec) => lookSteadily(spec, rest, types),
  };
  onProgress({ type: "experiment-started", experiment: id });
  const start = context.rt.clock.elapsed();
  try {
    return await runExperiment(experiment, action, { onEvent: onProgress });
  } finally {
    onProgress({ type: "experiment-ended", experiment: id, ms: context.rt.clock.elapsed() - start });
  }
}

/** Every objective that could be judged gets the same observation; one that needs another of them is not reached. */
function addToAll(experiment: Experiment, part: Part, ledger: Ledger, observation: Observation): void {
  for (const entry of experiment.objectives) {
    const unmet = ledger.unmet(entry.needs);
    if (unmet.length > 0) ledger.skip(entry, part, waitsFor(unmet));
    else ledger.add(entry, part, { observation, attempts: 1, durationMs: 0 });
  }
}

async function judge(
  experiment: Experiment,
  record: RunRecord,
  context: VerifyContext,
  part: Part,
  ledger: Ledger,
): Promise<void> {
  const { types } = context;
  for (const entry of experiment.objectives) {
    const unmet = ledger.unmet(entry.needs);
    if (unmet.length > 0) {
      ledger.skip(entry, part, waitsFor(unmet));
      continue;
    }
    context.onProgress({ type: "check-started", id: entry.id, title: entry.title, experiment: experiment.id });
    const seen = await evaluate(entry, { ...context, record }, types === undefined ? {} : { types });
    ledger.add(entry, part, seen);
  }
}

/**
 * Runs one experiment and judges its objectives. Returns how much of its time was no overhead of ours. An experiment that could not be run is an error of
 * each objective; a workload that does not settle, or a refusal of the learner's own making, fails each of them.
 */
export async function verifyExperiment(
  experiment: Experiment,
  context: VerifyContext,
  ledger: Ledger,
): Promise<number> {
  const part: Part = { role: "objective", experiment: experiment.id };
  const unmet = ledger.unmet(experiment.needs);
  if (unmet.length > 0) {
    for (const entry of experiment.objectives) ledger.skip(entry, part, waitsFor(unmet));
    return 0;
  }
  let record: RunRecord;
  try {
    record = await run(experiment, context);
  } catch (error) {
    if (context.rt.signal.aborted) throw interruptedError();
    const expected = `the experiment ${experiment.id} runs`;
    const outcome = error instanceof RefusedError ? "fail" : "error";
    addToAll(experiment, part, ledger, { outcome, expected, observed: messageOf(error) });
    return 0;
  }
  if (record.unsettled === undefined) await judge(experiment, record, context, part, ledger);
  else {
    const expected = "all of the workload ready before the experiment";
    addToAll(experiment, part, ledger, { outcome: "fail", expected, observed: record.unsettled });
  }
  return record.windowMs;
}
