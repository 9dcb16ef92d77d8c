import type { CheckResult, VerifyResult } from "../../src/verify/verify-context.ts";

/** The result of a verify by its outcomes: `{ drains: "fail" }`. */
export function verified(outcomes: Readonly<Record<string, CheckResult["outcome"]>>): VerifyResult {
  const results = Object.entries(outcomes).map(([id, outcome]): CheckResult => ({
    id,
    outcome,
    title: id,
    role: "objective",
    expected: "",
    observed: `saw ${outcome}`,
    durationMs: 1,
    attempts: 1,
  }));
  const solved = results.every(({ outcome }) => outcome === "pass");
  const times = { startedAt: "2026-01-01T00:00:00Z", durationMs: 1, windowsMs: 0 };
  return { lab: "pdb", variant: "main", solved, exitCode: solved ? 0 : 1, results, undone: [], ...times };
}
