import { giveHint } from "../flows/hint.ts";
import { ExitCode } from "../lib/errors.ts";
import type { Hint } from "../lab/lab.ts";
import { hintText } from "../report/hint-text.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Options of `labs hint`. */
export interface HintOptions {
  /** Also the hints given so far. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Gives the next hint of the running lab, and remembers that. */
export async function hint(rt: Runtime, options: HintOptions = {}): Promise<ExitCode> {
  return withSessionLock(rt, "hint", async () => {
    const { before, next } = await giveHint(rt, terminalProgress(rt));
    const shown = [...(options.all === true ? before : []), ...(next === undefined ? [] : [next])];
    print(rt, shown, next === undefined, options.json === true);
    return ExitCode.done;
  });
}

function print(rt: Runtime, hints: readonly Hint[], none: boolean, json: boolean): void {
  if (json) {
    rt.out.write(`${JSON.stringify({ hints, more: !none }, undefined, 2)}\n`);
    return;
  }
  const kubeconfig = rt.env["KUBECONFIG"] === rt.paths.kubeconfig ? undefined : rt.paths.kubeconfig;
  rt.out.write(hints.map((one) => hintText(one, { columns: rt.out.columns, kubeconfig })).join(""));
  if (none) {
    rt.err.write(
      `There are no more hints. ${rt.program} hint --all shows them again, ${rt.program} verify what is missing.\n`,
    );
  }
}
