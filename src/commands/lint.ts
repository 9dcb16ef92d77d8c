import { basename, join } from "node:path";
import { ExitCode, LabsError } from "../lib/errors.ts";
import { findLab, labNames, spreadFolders } from "../lab/read/catalog.ts";
import { inspectLab } from "../flows/load.ts";
import { lintSummary, lintText, type LintedLab } from "../report/lint-text.ts";
import type { Runtime } from "../runtime.ts";

async function lintOne(dir: string): Promise<LintedLab> {
  const id = basename(dir);
  try {
    return { id, dir, problems: (await inspectLab(dir)).problems };
  } catch (error) {
    // A folder that is not safe to read is one problem of this lab; the others are still looked at.
    if (!(error instanceof LabsError)) throw error;
    return { id, dir, problems: [{ severity: "error", file: ".", message: error.message }] };
  }
}

/** Tells all problems of the given labs, or of the whole library. Exit 2 when one of them is an error. */
export async function lint(
  rt: Runtime,
  options: { readonly labs: readonly string[]; readonly json?: boolean },
): Promise<ExitCode> {
  const dirs =
    options.labs.length === 0
      ? (await labNames(rt)).map((name) => join(rt.paths.library, name))
      : await Promise.all((await spreadFolders(rt, options.labs)).map((name) => findLab(rt, name)));
  const labs = await Promise.all(dirs.map(lintOne));
  rt.out.write(options.json === true ? `${JSON.stringify(labs, undefined, 2)}\n` : lintText(labs, rt.cwd));
  rt.err.write(`${lintSummary(labs)}\n`);
  const failed = labs.some(({ problems }) => problems.some((found) => found.severity === "error"));
  return failed ? ExitCode.usage : ExitCode.done;
}
