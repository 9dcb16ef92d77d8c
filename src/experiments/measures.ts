import type { Experiment } from "../lab/lab.ts";
import type { AnyActionType } from "./action.ts";
import { findAction } from "./find-action.ts";
import { actionTypes } from "./registry.ts";

/** True for an experiment that measures time or CPU: whatever else the machine does falsifies it. */
export function measures(experiment: Experiment, types: readonly AnyActionType[] = actionTypes): boolean {
  const specs = [...experiment.do, ...experiment.with];
  return experiment.control !== undefined || specs.some((spec) => findAction(spec.name, types).measures === true);
}
