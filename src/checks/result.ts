import type { Observation } from "./check.ts";

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
