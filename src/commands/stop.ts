import { ExitCode, noLabError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { stopLab, type Stopped } from "../flows/stop.ts";
import { findSession } from "../flows/find-session.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { engineVersion } from "../setup/engine.ts";
import { runSteps } from "../ui/steps.ts";

/** Takes the running lab away, names what was cleaned, and keeps a clean sandbox warm. */
export async function stop(rt: Runtime, options: { readonly json?: boolean }): Promise<ExitCode> {
  return withSessionLock(rt, "stop", async () => {
    const session = await findSession(rt);
    if (session === undefined)
      throw noLabError(undefined, `${rt.program} list; ${rt.program} down removes what is left`);
    // Before anything is noted down: what cannot be stopped now is still there to be stopped later.
    await engineVersion(rt);
    let stopped: Stopped = { cleaned: [], sandbox: "was gone" };
    await runSteps(rt, [
      {
        title: `Remove lab ${session.lab.id}`,
        run: async ({ note }) => {
          stopped = await stopLab(rt, session, note);
        },
      },
    ]);
    if (options.json === true) {
      rt.out.write(`${JSON.stringify({ lab: session.lab.id, ...stopped }, null, 2)}\n`);
      return ExitCode.done;
    }
    for (const line of stopped.cleaned) rt.out.write(`cleaned  ${line}\n`);
    if (stopped.kept !== undefined) rt.out.write(`kept     ${stopped.kept}\n`);
    rt.out.write(`Lab ${session.lab.id} is gone; sandbox ${session.sandbox.name} ${stopped.sandbox}.\n`);
    return ExitCode.done;
  });
}
