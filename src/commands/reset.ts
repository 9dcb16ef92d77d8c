import { ExitCode } from "../lib/errors.ts";
import { loadLab } from "../flows/load.ts";
import { handOver, handOverJson } from "../report/hand-over.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { clearLab } from "../flows/stop.ts";
import { laySteps, prepareSandbox, type Rising } from "../flows/start.ts";
import { requireSession } from "../flows/find-session.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { saveSession } from "../session/store.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { runSteps } from "../ui/steps.ts";

/** Breaks the running lab again, as it was handed over: in the same sandbox, or in a new one where that does not come clean. */
export async function reset(
  rt: Runtime,
  options: { readonly json?: boolean; readonly symptom?: boolean },
): Promise<ExitCode> {
  return withSessionLock(rt, "reset", async () => {
    const { session, sandbox, scenario } = await requireSession(rt);
    const lab = await loadLab(rt, session.lab.dir);
    const { reference: _reference, faultAt: _faultAt, workspace, ...kept } = session;
    const rising: Rising = {
      session: { ...kept, phase: "starting", open: [], lab: { id: lab.id, dir: lab.dir, digest: lab.digest } },
      sandbox,
      scenario,
      symptom: [],
    };
    const steps = await runSteps(rt, [
      {
        title: "Clear the sandbox",
        run: async ({ note }) => {
          await saveSession(rt, rising.session);
          const { clean } = await clearLab(rt, scenario, note);
          const aside = await putWorkspaceAside(rt, workspace);
          if (aside !== undefined) rt.err.write(`What you wrote is kept in ${aside}.\n`);
          if (clean) return;
          rt.err.write(`${sandbox.name} would not come clean, so a new sandbox takes its place.\n`);
          await (await providerOf(session.sandbox.provider)).remove(rt, sandbox.name);
          await prepareSandbox(rt, lab, rising, note);
        },
      },
      ...laySteps(rt, lab, rising, { symptom: options.symptom ?? true }),
    ]);
    rt.out.write(options.json === true ? handOverJson(rt, lab, rising, steps) : handOver(rt, lab, rising));
    return ExitCode.done;
  });
}
