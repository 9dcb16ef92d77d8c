import type { Lab } from "../lab/lab.ts";
import { type Problem, problemText } from "../lab/problem.ts";
import { findLab } from "../lab/read/catalog.ts";
import { readFolder } from "../lab/read/folder.ts";
import { type LabSource, readLab } from "../lab/read/read-lab.ts";
import type { Rule } from "../lab/rules/rule.ts";
import { lintRules, loadRules } from "../lab/rules/rules.ts";
import { sortProblems, validateLab } from "../lab/validate.ts";
import { ExitCode, LabsError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { vocabulary } from "./vocabulary.ts";

/** What a look at a whole lab brought. */
export interface InspectedLab {
  readonly dir: string;
  readonly source?: LabSource;
  readonly problems: readonly Problem[];
}

/** Reads a lab's folder and runs the rules over it; throws only for a folder that is not there or not safe to read. */
export async function inspectLab(
  dir: string,
  rules: readonly Rule[] = [...loadRules, ...lintRules],
): Promise<InspectedLab> {
  const read = readLab(await readFolder(dir), vocabulary);
  if (read.source === undefined) return { dir, problems: sortProblems(read.problems) };
  return { dir, source: read.source, problems: sortProblems([...read.problems, ...validateLab(read.source, rules)]) };
}

/** Loads a lab by its name in the library or by a path. Throws one usage error (exit 2) with all that keeps it from running. */
export async function loadLab(rt: Pick<Runtime, "paths" | "cwd" | "program">, name: string): Promise<Lab> {
  const { dir, source, problems } = await inspectLab(await findLab(rt, name), loadRules);
  const errors = problems.filter((found) => found.severity === "error");
  if (source === undefined || errors.length > 0) {
    const count = errors.length === 1 ? "an error" : `${errors.length} errors`;
    const lines = errors.map((found) => `  ${problemText(found, `${dir}/`)}`);
    throw new LabsError(ExitCode.usage, `lab ${name} has ${count}\n${lines.join("\n")}`, {
      cure: `${rt.program} lint ${name}`,
    });
  }
  return source.lab;
}
