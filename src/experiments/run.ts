import { join } from "node:path";
import type { ActionSpec, Experiment } from "../lab/lab.ts";
import { environmentError, interruptedError } from "../lib/errors.ts";
import type { EventOf } from "../session/events.ts";
import { holdLock } from "../lib/hold-lock.ts";
import type { LockOwner } from "../lib/lock.ts";
import { type ActionContext, type ActionOutcome, type AnyActionType, runActionType } from "./action.ts";
import { startCompanions } from "./companions.ts";
import { runControl } from "./control.ts";
import type { ActionRecord, RunRecord } from "../system/record.ts";
import { actionTypes, findAction } from "./registry.ts";
import { type Restore, createRestore, restoreError, restoringContext } from "./journal.ts";
import { pauseSchedules } from "./schedules.ts";
import { settle } from "../system/settle.ts";
import type { Runtime } from "../runtime.ts";
import { createStopwatch } from "../lib/clock.ts";
import { type TargetRef, parseTarget, targetText } from "../lab/target.ts";
import { startWatch } from "../system/watch.ts";

/** What a run may be given instead of the real thing. */
export interface RunOptions {
  readonly types?: readonly AnyActionType[];
  /** Told of every action and every part of the experiment once it is over. */
  readonly onEvent?: (event: ExperimentEvent) => void;
}

/** What an experiment tells while it runs. */
export type ExperimentEvent = EventOf<"experiment-step" | "experiment-window">;

/**
 * Runs one experiment: pauses the stage's own failures, settles the workload, runs the actions beside their companions, then the control, and
 * puts everything back, whatever happens. An interrupted run is undone too, and throws. One that measures holds the machine-wide lock.
 */
export async function runExperiment(
  experiment: Experiment,
  context: ActionContext,
  { types = actionTypes, onEvent = () => undefined }: RunOptions = {},
): Promise<RunRecord> {
  const work = () => runRestored(experiment, context, { types, onEvent });
  return measures(experiment, types) ? withMachineLock(context.rt, context.progress, work) : work();
}

/**
 * Runs `work` while no other experiment on this machine measures time or CPU. The lock lies in the data folder, which all homes of a user
 * share; one whose owner is gone is taken over. Waits 15 minutes, longer than any experiment may take; behind that something hangs.
 */
export async function withMachineLock<T>(
  rt: Pick<Runtime, "paths" | "clock" | "signal" | "host">,
  note: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(rt.paths.data, "measurement.lock");
  const wait = {
    withinMs: 15 * 60_000,
    seen: ({ pid }: LockOwner) => `waiting for another measurement (pid ${pid})`,
    onLook: note,
    gaveUp: "gave up",
    cure: `remove ${file} if that process is none of ours`,
  };
  return holdLock(rt, file, { pid: rt.host.pid, what: "a measurement" }, wait, work);
}

type End = { readonly record: RunRecord } | { readonly error: unknown };

/** Runs it and puts everything back; once more when this program stood still meanwhile, as what went on then was neither seen nor timed. */
async function runRestored(
  experiment: Experiment,
  context: ActionContext,
  options: Required<RunOptions>,
): Promise<RunRecord> {
  const { clock, program, signal } = context.rt;
  for (let again = false; ; again = true) {
    const lostBefore = clock.lost();
    const restore = createRestore();
    const end = await runAll(experiment, restoringContext(context, restore), restore, options).then(
      (record): End => ({ record }),
      (error: unknown): End => ({ error }),
    );
    const lost = clock.lost() - lostBefore;
    const problems = await restore.run();
    if ("error" in end && (lost === 0 || signal.aborted || problems.length > 0)) {
      for (const problem of problems) context.progress(`not undone: ${problem}`);
      throw end.error;
    }
    if (problems.length > 0) throw restoreError(problems, program);
    if (lost === 0 && "record" in end) return end.record;
    const stood = `this program stood still for ${Math.round(lost / 1000)} s`;
    if (again) throw environmentError(`could not measure: ${stood}, and had done so before`);
    context.progress(`${stood}; measuring again`);
  }
}

async function runAll(
  experiment: Experiment,
  context: ActionContext,
  restore: Restore,
  { types, onEvent }: Required<RunOptions>,
): Promise<RunRecord> {
  const { clock } = context.rt;
  const startedAt = clock.elapsed();
  const stopwatch = createStopwatch(clock);
  const timed = async <T>(window: EventOf<"experiment-window">["window"], work: () => Promise<T>): Promise<T> => {
    const before = stopwatch.ms();
    const result = await stopwatch.time(work);
    onEvent({ type: "experiment-window", experiment: experiment.id, window, ms: stopwatch.ms() - before });
    return result;
  };

  restore.add(await pauseSchedules(context));
  const unsettled = await timed("settle", () => settle(context, settleTargets(experiment)));
  if (unsettled !== undefined) {
    const at = clock.elapsed();
    const times = { startedAt, doStartedAt: at, doEndedAt: at, endedAt: at, windowMs: stopwatch.ms() };
    const empty = { actions: [], traffic: {}, pods: [], available: [], cpu: [] };
    return { experiment: experiment.id, ...times, ...empty, unsettled };
  }

  const watch = await startWatch(context);
  restore.add(() => watch.stop());
  const companions = await startCompanions(experiment.with, context, restore, types);

  const doStartedAt = clock.elapsed();
  const steps = await timed("actions", () => runSteps(experiment, context, { types, onEvent }));
  const doEndedAt = clock.elapsed();

  const outcomes = [...steps.map((step) => step.outcome), ...(await timed("after", () => companions.end()))];
  const { pods, available } = await watch.stop();
  const runIt = () => runControl(experiment, context, doEndedAt - doStartedAt, types);
  const control = experiment.control === undefined ? undefined : await timed("control", runIt);
  return {
    experiment: experiment.id,
    startedAt,
    doStartedAt,
    doEndedAt,
    endedAt: clock.elapsed(),
    windowMs: stopwatch.ms(),
    actions: steps.map((step) => step.record),
    traffic: Object.assign({}, ...outcomes.map((outcome) => outcome.traffic ?? {})),
    pods,
    available,
    cpu: outcomes.flatMap((outcome) => outcome.cpu ?? []),
    ...(control === undefined ? {} : { control }),
  };
}

/** One action as it went, with all that it brought. */
export interface Step {
  readonly record: ActionRecord;
  readonly outcome: ActionOutcome;
}

/** Runs the `do` actions one after the other. One that does not finish does not hold up the next. */
async function runSteps(
  experiment: Experiment,
  context: ActionContext,
  { types, onEvent }: Required<RunOptions>,
): Promise<Step[]> {
  const { clock, signal } = context.rt;
  const steps: Step[] = [];
  for (const spec of experiment.do) {
    if (signal.aborted) throw interruptedError();
    const startedAt = clock.elapsed();
    const outcome = await runActionType(findAction(spec.name, types), spec, context);
    const { finished, detail, targets = [], data = {} } = outcome;
    const record = { action: spec.name, startedAt, endedAt: clock.elapsed(), finished, detail, targets, data };
    context.progress(detail);
    const about = { experiment: experiment.id, action: spec.name, finished, detail };
    onEvent({ type: "experiment-step", ...about, ms: record.endedAt - startedAt });
    steps.push({ record, outcome });
  }
  if (signal.aborted) throw interruptedError();
  return steps;
}

function named(value: unknown): TargetRef[] {
  if (typeof value === "string") {
    const ref = parseTarget(value);
    return ref === undefined ? [] : [ref];
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .filter(([key]) => key !== "target") // the stage's own dependency: guarded by stage-intact, and not the learner's
    .flatMap(([, nested]) => named(nested));
}

/** What must be settled before an experiment: what it says, or else everything its actions name. */
export function settleTargets(experiment: Experiment): TargetRef[] {
  const specs: ActionSpec[] = [...experiment.do, ...experiment.with];
  if (experiment.control !== undefined) specs.push(experiment.control);
  const found = experiment.settle.length > 0 ? named(experiment.settle) : named(specs.map((spec) => spec.params));
  return [...new Map(found.map((ref) => [targetText(ref), ref])).values()];
}

/** True for an experiment that measures time or CPU: whatever else the machine does falsifies it. */
export function measures(experiment: Experiment, types: readonly AnyActionType[] = actionTypes): boolean {
  const specs = [...experiment.do, ...experiment.with];
  return experiment.control !== undefined || specs.some((spec) => findAction(spec.name, types).measures === true);
}
