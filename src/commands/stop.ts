import { stopRunningLab } from "../flows/stop.ts";
import { ExitCode } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Takes the running lab away, names what was cleaned, and keeps a clean sandbox warm. */
export async function stop(rt: Runtime, options: { readonly json?: boolean }): Promise<ExitCode> {
  return withSessionLock(rt, "stop", async () => {
    const { session, ...stopped } = await stopRunningLab(rt, terminalProgress(rt));
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
