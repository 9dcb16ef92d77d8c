import { type ResetOptions, resetLab } from "../flows/reset.ts";
import { ExitCode } from "../lib/errors.ts";
import { handOver, handOverJson } from "../report/hand-over.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { terminalProgress } from "../ui/progress.ts";

/** Breaks the running lab again, as it was handed over: in the same sandbox, or in a new one where that does not come clean. */
export async function reset(
  rt: Runtime,
  { json, ...options }: ResetOptions & { readonly json?: boolean },
): Promise<ExitCode> {
  return withSessionLock(rt, "reset", async () => {
    const again = await resetLab(rt, options, terminalProgress(rt));
    rt.out.write(json === true ? handOverJson(rt, again) : handOver(rt, again));
    return ExitCode.done;
  });
}
