import { problemText, type Problem } from "./problem.ts";
import type { LabSource } from "./read/read-lab.ts";
import type { Rule } from "./rules/rule.ts";

/** Every breach of every rule, sorted by place, each once. */
export function validateLab(source: LabSource, rules: readonly Rule[]): Problem[] {
  return sortProblems(rules.flatMap((rule) => rule(source)));
}

/** Problems by file and line, each once: variants that share a manifest share its problems. */
export function sortProblems(problems: readonly Problem[]): Problem[] {
  const byText = new Map(problems.map((found) => [problemText(found), found]));
  return [...byText.values()].sort((a, b) =>
    a.file === b.file ? (a.line ?? 0) - (b.line ?? 0) : a.file.localeCompare(b.file),
  );
}
