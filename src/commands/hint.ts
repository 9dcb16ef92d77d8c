import { ExitCode, noLabError } from "../lib/errors.ts";
import type { Hint } from "../lab/lab.ts";
import { loadLab } from "../flows/load.ts";
import { historyOf, nextHint } from "../session/history.ts";
import { substitute } from "../lab/values.ts";
import { hintText } from "../report/hint-text.ts";
import type { Runtime } from "../runtime.ts";
import { logEvent, readEvents } from "../session/event-log.ts";
import { findSession } from "../flows/find-session.ts";
import { withSessionLock } from "../session/with-lock.ts";

/** Options of `labs hint`. */
export interface HintOptions {
  /** Also the hints given so far. */
  readonly all?: boolean;
  readonly json?: boolean;
}

/** Gives the next hint of the running lab, and remembers that. */
export async function hint(rt: Runtime, options: HintOptions = {}): Promise<ExitCode> {
  return withSessionLock(rt, "hint", async () => {
    const session = await findSession(rt);
    if (session === undefined) throw noLabError(undefined, `${rt.program} list, then ${rt.program} start <lab>`);
    const lab = await loadLab(rt, session.lab.dir);
    const hints = substitute(lab.hints, session.values);
    const history = historyOf(await readEvents(rt, session));
    const next = nextHint(hints, history);
    const given = options.all === true ? history.shown.flatMap((place) => hints[place] ?? []) : [];
    const shown = [...given, ...(next === undefined ? [] : hints.slice(next, next + 1))];
    print(rt, shown, next === undefined, options.json === true);
    const level = next === undefined ? undefined : hints[next]?.level;
    if (next !== undefined) {
      await logEvent(rt, session, { type: "hint", hint: next, ...(level === undefined ? {} : { level }) });
    }
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
