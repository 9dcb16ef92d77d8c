import { readSolution } from "../flows/solution.ts";
import { ExitCode } from "../lib/errors.ts";
import { textWidth } from "../lib/text.ts";
import { solutionText } from "../report/solution-text.ts";
import type { Runtime } from "../runtime.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Options of `labs solution`. */
export interface SolutionOptions {
  /** Show it although the lab is not solved; the session records that. */
  readonly giveUp?: boolean;
  readonly json?: boolean;
}

/** Explains cause, repairs and prevention; before the lab is solved only to those who give up. */
export async function solution(rt: Runtime, options: SolutionOptions = {}): Promise<ExitCode> {
  const { lab, fixes } = await readSolution(rt, options.giveUp === true, terminalProgress(rt));
  const data = { lab: lab.id, debrief: lab.debrief, fixes: fixes.map(({ name, text }) => ({ name, text })) };
  rt.out.write(
    options.json === true ? `${JSON.stringify(data, undefined, 2)}\n` : solutionText(lab, fixes, textWidth(rt.out)),
  );
  return ExitCode.done;
}
