import { ExitCode, noLabError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { findSession } from "../flows/find-session.ts";
import { readEvents } from "../session/event-log.ts";
import { historyOf } from "../session/history.ts";
import { workspaceDir } from "../session/workspace.ts";

function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 1 ? "less than a minute" : minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Says which lab runs, where, and for how long. Exit 4 when none runs. */
export async function status(rt: Runtime, options: { readonly json?: boolean }): Promise<ExitCode> {
  const session = await findSession(rt);
  if (session === undefined) throw noLabError(undefined, `${rt.program} list, then ${rt.program} start <lab>`);
  const { lab, sandbox, phase, startedAt, seed } = session;
  const { hintsShown, solved } = historyOf(await readEvents(rt, session));
  const names = await (await providerOf(sandbox.provider)).list(rt, "home");
  const present = names.includes(sandbox.name);
  if (options.json === true) {
    const workspace = session.workspace === undefined ? null : workspaceDir(rt);
    const shown = {
      lab: lab.id,
      phase,
      sandbox: { ...sandbox, present },
      workspace,
      startedAt,
      seed,
      hintsShown,
      solved,
    };
    rt.out.write(`${JSON.stringify(shown, null, 2)}\n`);
    return ExitCode.done;
  }
  const state = !present ? "its sandbox is gone" : solved ? "solved" : phase;
  const next = present ? (solved ? "solution, or stop" : "verify, hint or stop") : "stop";
  rt.out.write(
    [
      `lab      ${lab.id} (${state})`,
      `sandbox  ${sandbox.name}`,
      ...(session.workspace === undefined ? [] : [`files    ${workspaceDir(rt)}`]),
      `started  ${age(rt.clock.now() - Date.parse(startedAt))} ago, seed ${seed}, ${hintsShown} hints shown`,
      `next     ${rt.program} ${next}`,
      "",
    ].join("\n"),
  );
  return ExitCode.done;
}
