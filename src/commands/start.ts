import { loadLab } from "../flows/load.ts";
import { startLab, type StartOptions } from "../flows/start.ts";
import { ExitCode } from "../lib/errors.ts";
import { handOver, handOverJson } from "../report/hand-over.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Starts a lab: sandbox, healthy system, incident, symptom, hand-over. */
export async function start(
  rt: Runtime,
  name: string,
  { json, ...options }: StartOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  const lab = await loadLab(rt, name);
  return withSessionLock(rt, `start ${lab.id}`, async () => {
    const started = await startLab(rt, lab, options, terminalProgress(rt));
    if ("alreadyRunning" in started) {
      rt.err.write(`Lab ${lab.id} is running already; nothing was changed. Next: ${rt.program} status\n`);
      return ExitCode.done;
    }
    rt.out.write(json === true ? handOverJson(rt, started) : handOver(rt, started));
    return ExitCode.done;
  });
}
