import { isAbsolute, relative } from "node:path";
import { problemText, type Problem } from "../lab/problem.ts";

/** The problems of one lab folder. */
export interface LintedLab {
  readonly id: string;
  readonly dir: string;
  readonly problems: readonly Problem[];
}

/** `file:line: message`, one line a problem; files as seen from `cwd` where they are below it. */
export function lintText(labs: readonly LintedLab[], cwd: string): string {
  return labs
    .flatMap(({ dir, problems }) => {
      const near = relative(cwd, dir) || ".";
      const shown = near.startsWith("..") || isAbsolute(near) ? dir : near;
      return problems.map((found) => `${problemText(found, `${shown}/`)}\n`);
    })
    .join("");
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}

/** `2 labs, 1 error, 3 warnings`. */
export function lintSummary(labs: readonly LintedLab[]): string {
  const all = labs.flatMap((lab) => lab.problems);
  const errors = all.filter((found) => found.severity === "error").length;
  return [count(labs.length, "lab"), count(errors, "error"), count(all.length - errors, "warning")].join(", ");
}
