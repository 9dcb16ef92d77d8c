import { verifyLab } from "../flows/verify.ts";
import { offersNeed } from "../lab/needs.ts";
import { writeReport } from "../lib/file-error.ts";
import { textWidth } from "../lib/text.ts";
import { verifyJson } from "../report/verify-json.ts";
import { verifyJunit } from "../report/verify-junit.ts";
import { eventText } from "../report/verify-progress.ts";
import { verifyText } from "../report/verify-text.ts";
import type { Runtime } from "../runtime.ts";
import type { Session } from "../session/session.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { liveLine } from "../ui/live-line.ts";
import { type Progress, terminalProgress } from "../ui/progress.ts";
import type { VerifyResult } from "../verify/verify-context.ts";

/** Finds out by experiment whether the running lab is repaired, and says what it saw. */
export async function verify(
  rt: Runtime,
  options: { readonly json?: boolean; readonly junit?: string },
): Promise<VerifyResult["exitCode"]> {
  return withSessionLock(rt, "verify", async () => {
    const live = liveLine(rt);
    const terminal = terminalProgress(rt, (event) => live.show(eventText(event)));
    const progress: Progress = {
      ...terminal,
      tell: (sentence) => {
        live.end();
        terminal.tell(sentence);
      },
    };
    const { result, session, unrecorded } = await verifyLab(rt, progress).finally(() => live.end());
    // First what took minutes to find out; then files, which may fail.
    rt.out.write(options.json === true ? verifyJson(result) : textOf(rt, result, session));
    if (unrecorded !== undefined) throw unrecorded;
    if (options.junit !== undefined) await writeReport(rt.cwd, options.junit, verifyJunit(result));
    return result.exitCode;
  });
}

function textOf(rt: Runtime, result: VerifyResult, { sandbox }: Session): string {
  return verifyText(result, {
    program: rt.program,
    width: textWidth(rt.out),
    colour: rt.out.isTTY && rt.env["NO_COLOR"] === undefined,
    kubeconfig:
      offersNeed(sandbox.provider, "cluster") && rt.env["KUBECONFIG"] !== rt.paths.kubeconfig
        ? rt.paths.kubeconfig
        : undefined,
  });
}
