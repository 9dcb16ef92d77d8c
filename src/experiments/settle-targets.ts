import type { ActionSpec, Experiment } from "../lab/lab.ts";
import { parseTarget, targetText, type TargetRef } from "./target.ts";

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
