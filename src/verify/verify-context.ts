import type { AnyCheckType } from "../checks/check.ts";
import type { ActionContext } from "../experiments/action.ts";
import type { ExperimentEvent } from "../experiments/run.ts";
import type { RunRecord } from "../system/record.ts";
import type { Experiment } from "../lab/lab.ts";
import type { EventOf } from "../session/events.ts";

/** What a verify tells while it runs. */
export type VerifyEvent = EventOf<
  | "verify-started"
  | "check-started"
  | "check-looked"
  | "check-ended"
  | "experiment-started"
  | "experiment-progress"
  | "experiment-ended"
  | ExperimentEvent["type"]
>;

/** Everything a verify works with. `runExperiment` is the engine of src/experiments. */
export interface VerifyContext extends Omit<ActionContext, "progress" | "evaluate"> {
  /** Sentences on what an earlier, interrupted run had left and this one undid. */
  readonly undone: readonly string[];
  readonly runExperiment: (
    experiment: Experiment,
    context: ActionContext,
    options: { readonly onEvent: (event: ExperimentEvent) => void },
  ) => Promise<RunRecord>;
  readonly onProgress: (event: VerifyEvent) => void;
  /** Asked before each experiment with the results so far: true ends the verify there. Without it everything is run. */
  readonly enough?: (results: readonly CheckResult[]) => boolean;
  /** Check types other than the registry's, for tests. */
  readonly types?: readonly AnyCheckType[];
}

/** One check of a verify, as reports print it; what the journal says of it, and its data. */
export type CheckResult = Readonly<EventOf<"check-ended">["result"]> & { readonly data?: unknown };

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
