import type { Observation } from "../checks/check.ts";
import type { Evaluation } from "../checks/evaluate.ts";
import type { CheckEntry } from "../lab/lab.ts";
import type { CheckResult, VerifyEvent } from "./verify-context.ts";

/** Which part of a verify a result belongs to. */
export interface Part {
  readonly role: "guard" | "objective";
  readonly experiment?: string;
}

/** The results of a verify so far. Each id has one; a later one replaces it. */
export interface Ledger {
  add(entry: Pick<CheckEntry, "id" | "title">, part: Part, evaluation: Evaluation): void;
  skip(entry: Pick<CheckEntry, "id" | "title">, part: Part, why: string): void;
  has(id: string): boolean;
  /** Of these, those that have not passed. */
  unmet(ids: readonly string[]): readonly string[];
  results(): readonly CheckResult[];
}

/** An empty ledger that reports every result. */
export function createLedger(onProgress: (event: VerifyEvent) => void): Ledger {
  const results = new Map<string, CheckResult>();
  const put = (
    { id, title }: Pick<CheckEntry, "id" | "title">,
    part: Part,
    seen: Omit<Observation, "outcome"> & Pick<CheckResult, "outcome">,
    times: Pick<CheckResult, "durationMs" | "attempts">,
  ) => {
    const result: CheckResult = { id, title, ...part, ...seen, ...times };
    results.set(id, result);
    onProgress({ type: "check-ended", result });
  };
  return {
    add: (entry, part, { observation, attempts, durationMs }) =>
      put(entry, part, observation, { attempts, durationMs }),
    skip: (entry, part, why) =>
      put(entry, part, { outcome: "not run", expected: entry.title, observed: why }, { attempts: 0, durationMs: 0 }),
    has: (id) => results.has(id),
    unmet: (ids) => ids.filter((id) => results.get(id)?.outcome !== "pass"),
    results: () => [...results.values()],
  };
}

/** Why something was not run: "waits for drains, no-loss". */
export function waitsFor(ids: readonly string[]): string {
  return `waits for ${ids.join(", ")}`;
}
