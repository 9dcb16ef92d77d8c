import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { VerifyResult } from "../verify/verify-context.ts";
import { LabsError, usageError, messageOf, ExitCode } from "../lib/errors.ts";
import { loadLab } from "../flows/load.ts";
import { verifyJson } from "../report/verify-json.ts";
import { verifyJunit } from "../report/verify-junit.ts";
import { textWidth } from "../lib/text.ts";
import { eventText } from "../report/verify-progress.ts";
import { verifyText } from "../report/verify-text.ts";
import type { Runtime } from "../runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { verifyLab } from "../flows/verify.ts";
import { requireSession } from "../flows/find-session.ts";
import { logEvent } from "../session/event-log.ts";
import type { Session } from "../session/session.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { liveLine } from "../ui/live-line.ts";
import { hasCluster } from "../sandbox/capabilities.ts";

/** Finds out by experiment whether the running lab is repaired, and says what it saw. */
export async function verify(
  rt: Runtime,
  options: { readonly json?: boolean; readonly junit?: string },
): Promise<VerifyResult["exitCode"]> {
  return withSessionLock(rt, "verify", async () => {
    const running = await requireSession(rt);
    const { session } = running;
    if (session.phase !== "running") {
      throw new LabsError(ExitCode.environment, `lab ${session.lab.id} was left while ${session.phase}`, {
        cure: `${rt.program} stop, then ${rt.program} start ${session.lab.id}`,
      });
    }
    const lab = await loadLab(rt, session.lab.dir);
    if (lab.digest !== session.lab.digest) {
      rt.err.write(
        `The files of lab ${lab.id} were edited since it was started; ${rt.program} reset starts from them.\n`,
      );
    }
    const lostBefore = rt.clock.lost();
    const live = liveLine(rt);
    const result = await verifyLab(rt, lab, running, (event) => live.show(eventText(event))).finally(() => live.end());
    const lost = Math.round((rt.clock.lost() - lostBefore) / 1000);
    if (lost > 0) rt.err.write(`This program stood still for ${lost} s; what it measured then was measured again.\n`);
    for (const sentence of result.undone) rt.err.write(`undone   ${sentence}\n`);
    await remember(rt, session, result);
    if (options.junit !== undefined) await writeReport(resolve(rt.cwd, options.junit), verifyJunit(result));
    rt.out.write(options.json === true ? verifyJson(result) : textOf(rt, result, running.sandbox));
    return result.exitCode;
  });
}

function textOf(rt: Runtime, result: VerifyResult, sandbox: Sandbox): string {
  return verifyText(result, {
    program: rt.program,
    width: textWidth(rt.out),
    colour: rt.out.isTTY && rt.env["NO_COLOR"] === undefined,
    kubeconfig: hasCluster(sandbox) && rt.env["KUBECONFIG"] !== rt.paths.kubeconfig ? rt.paths.kubeconfig : undefined,
  });
}

async function remember(rt: Runtime, session: Session, result: VerifyResult): Promise<void> {
  const { solved, exitCode, results, durationMs } = result;
  const outcomes = results.map((one) => ({ id: one.id, outcome: one.outcome }));
  await logEvent(rt, session, { type: "verified", solved, exitCode, outcomes, durationMs });
}

async function writeReport(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw usageError(`the JUnit report could not be written: ${messageOf(error)}`);
  }
}
