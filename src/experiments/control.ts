import type { ActionSpec, Experiment } from "../lab/lab.ts";
import { environmentError } from "../lib/errors.ts";
import { type ActionContext, type AnyActionType, RefusedError, runActionType } from "./action.ts";
import { clonePort } from "../system/service-endpoints.ts";
import { findAction } from "./registry.ts";
import type { RunRecord } from "../system/record.ts";

const MOST_MS = 60_000;
const LEAST_MS = 5000;

/** The loads of an experiment as `load` actions; traffic beside `do` runs as long as `do` took, within limits. */
function loadsOf(experiment: Experiment, doMs: number): ActionSpec[] {
  const alone = experiment.do.filter((spec) => spec.name === "load");
  const ms = Math.round(Math.min(Math.max(doMs, LEAST_MS), MOST_MS));
  const beside = experiment.with
    .filter((spec) => spec.name === "traffic")
    .map(({ params }) => {
      const shared = Object.entries(params).filter(([key]) => key !== "cpu");
      return { name: "load", params: { ...Object.fromEntries(shared), for: `${ms}ms` } };
    });
  return [...alone, ...beside];
}

/** Runs the loads of an experiment again, against a clone of the learner's own workload with something left out. */
export async function runControl(
  experiment: Experiment,
  context: ActionContext,
  doMs: number,
  types: readonly AnyActionType[],
): Promise<RunRecord["control"]> {
  if (experiment.control === undefined) return undefined;
  const made = await runActionType(findAction(experiment.control.name, types), experiment.control, context);
  if (made.refused === true) throw new RefusedError(`no control: ${made.detail}`);
  const target = made.data?.["target"];
  // Nothing to compare with is no fault of the learner: the same program ran a minute ago, with more in its way.
  if (!made.finished || typeof target !== "string") throw environmentError(`no control: ${made.detail}`);
  let control: NonNullable<RunRecord["control"]> = { traffic: {}, cpu: [] };
  for (const spec of loadsOf(experiment, doMs)) {
    const port = await clonePort(context, spec.params, target);
    const load = { name: spec.name, params: { ...spec.params, ...port, to: target } };
    const outcome = await runActionType(findAction(load.name, types), load, context);
    if (!outcome.finished) throw environmentError(`no control: ${outcome.detail}`);
    control = {
      traffic: { ...control.traffic, ...outcome.traffic },
      cpu: [...control.cpu, ...(outcome.cpu ?? [])],
    };
  }
  return control;
}
