import type { CheckResult, VerifyResult } from "../verify/verify-context.ts";

function ids(results: readonly CheckResult[], outcome: CheckResult["outcome"]): string[] {
  return results.filter((result) => result.outcome === outcome).map(({ id }) => id);
}

function told(results: readonly CheckResult[], wanted: readonly string[]): string {
  return results
    .filter(({ id }) => wanted.includes(id))
    .map(({ id, outcome, observed }) => `${id} ${outcome}: ${observed}`)
    .join("; ");
}

/** Broken, and broken again after reset: exactly the declared checks fail, and nothing errs. */
export function judgeBroken(result: VerifyResult, fails: readonly string[]): string {
  const failed = ids(result.results, "fail");
  const errors = ids(result.results, "error");
  if (errors.length > 0) return `could not look: ${told(result.results, errors)}`;
  const extra = failed.filter((id) => !fails.includes(id));
  const missing = fails.filter((id) => !failed.includes(id));
  if (extra.length > 0) return `fails for another reason too: ${told(result.results, extra)}`;
  return missing.length > 0 ? `should fail and does not: ${told(result.results, missing)}` : "";
}

/** A fix must be accepted whole. */
export function judgeFix(result: VerifyResult): string {
  if (result.solved) return "";
  const open = result.results.filter(({ outcome }) => outcome !== "pass").map(({ id }) => id);
  return `refused: ${told(result.results, open)}`;
}

/** A bypass must be refused by what it declares, and by nothing else. */
export function judgeBypass(result: VerifyResult, caughtBy: readonly string[]): string {
  if (result.solved) return "accepted, and it is a shortcut";
  return judgeBroken(result, caughtBy);
}
