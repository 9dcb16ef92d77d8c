import type { AnyCheckType, Observation } from "../checks/check.ts";
import type { ActionContext } from "../experiments/action.ts";
import type { RunRecord } from "../system/record.ts";
import type { Experiment } from "../lab/lab.ts";

/** What a verify tells while it runs. */
export type VerifyEvent =
  | { readonly type: "check-started"; readonly id: string; readonly title: string; readonly experiment?: string }
  | { readonly type: "check-looked"; readonly id: string; readonly text: string }
  | { readonly type: "check-ended"; readonly result: CheckResult }
  | { readonly type: "experiment-started"; readonly experiment: string }
  | { readonly type: "experiment-progress"; readonly experiment: string; readonly text: string }
  | { readonly type: "experiment-ended"; readonly experiment: string; readonly ms: number };

/** Everything a verify works with. `runExperiment` is the engine of src/experiments. */
export interface VerifyContext extends Omit<ActionContext, "progress" | "evaluate"> {
  /** Sentences on what an earlier, interrupted run had left and this one undid. */
  readonly undone: readonly string[];
  readonly runExperiment: (experiment: Experiment, context: ActionContext) => Promise<RunRecord>;
  readonly onProgress: (event: VerifyEvent) => void;
  /** Check types other than the registry's, for tests. */
  readonly types?: readonly AnyCheckType[];
}

/** One check of a verify, as reports print it. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly role: "symptom" | "guard" | "objective";
  readonly outcome: Observation["outcome"] | "not run";
  readonly expected: string;
  readonly observed: string;
  readonly lookAt?: string;
  readonly data?: unknown;
  /** Experiment it belongs to. */
  readonly experiment?: string;
  readonly durationMs: number;
  readonly attempts: number;
}

/** The verdict of one verify. */
export interface VerifyResult {
  readonly lab: string;
  readonly variant: string;
  readonly solved: boolean;
  readonly exitCode: 0 | 1 | 3;
  readonly results: readonly CheckResult[];
  /** Sentences on what an earlier, interrupted run had left and this one undid. */
  readonly undone: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
  /** Sum of the experiments' `windowMs`: settling, actions, windows, controls; the rest is our own overhead. */
  readonly windowsMs: number;
}
