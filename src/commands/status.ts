import { readStatus } from "../flows/status.ts";
import { ExitCode } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { terminalProgress } from "../ui/progress.ts";

function age(ms: number): string {
  const minutes = Math.floor(ms / 60_000);
  return minutes < 1 ? "less than a minute" : minutes < 120 ? `${minutes} min` : `${Math.floor(minutes / 60)} h`;
}

/** Says which lab runs, where, and for how long. Exit 4 when none runs. */
export async function status(rt: Runtime, options: { readonly json?: boolean }): Promise<ExitCode> {
  const { session, history, present, workspace } = await readStatus(rt, terminalProgress(rt));
  const { lab, sandbox, phase, startedAt, seed } = session;
  const { hintsShown, solved } = history;
  if (options.json === true) {
    const shown = {
      lab: lab.id,
      phase,
      sandbox: { ...sandbox, present },
      workspace: workspace ?? null,
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
      ...(workspace === undefined ? [] : [`files    ${workspace}`]),
      `started  ${age(rt.clock.now() - Date.parse(startedAt))} ago, seed ${seed}, ${hintsShown} hints shown`,
      `next     ${rt.program} ${next}`,
      "",
    ].join("\n"),
  );
  return ExitCode.done;
}
