import type { Lab } from "../lab/lab.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { logEvent } from "../session/event-log.ts";
import { saveSession } from "../session/store.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import type { Progress } from "../ui/progress.ts";
import type { Step } from "../ui/steps.ts";
import { undoInterrupted } from "./at-work.ts";
import { closeSandbox, type RunningSession, requireSession } from "./find-session.ts";
import {
  clearLab,
  type HandedOver,
  handedOver,
  type LabUnderWay,
  laySteps,
  type PreparedOptions,
  prepareSandbox,
  tellPrepared,
} from "./lay.ts";
import { recordedSteps } from "./recorded-steps.ts";
import { loadLab } from "./load.ts";
import type { StartOptions } from "./start.ts";

/** How a lab is reset. */
export interface ResetOptions extends Pick<StartOptions, "symptom" | keyof PreparedOptions> {
  /** Another root cause than the session's. */
  readonly variant?: string;
}

/** A lab that was broken again. */
export interface ResetDone extends HandedOver {
  /** The sandbox did not come clean, so a new one has taken its place. */
  readonly replaced: boolean;
}

/**
 * Breaks the running lab again, as it was handed over: in the same sandbox, or in a new one where that does not come clean. `given`: the session
 * with its sandbox open, and its lab read; else both are found. The caller holds the session lock.
 */
export async function resetLab(
  rt: Runtime,
  options: ResetOptions,
  progress: Progress,
  given?: RunningSession & { readonly lab: Lab },
): Promise<ResetDone> {
  const { session, sandbox, scenario } = given ?? (await requireSession(rt, progress));
  const lab = given?.lab ?? (await loadLab(rt, session.lab.dir));
  const { reference: _reference, faultAt: _faultAt, workspace: _workspace, ...kept } = session;
  const variant = options.variant ?? session.variant;
  const about = { id: lab.id, dir: lab.dir, digest: lab.digest };
  const underWay: LabUnderWay = {
    lab,
    session: { ...kept, variant, phase: "starting", open: [], lab: about },
    sandbox,
    scenario,
    symptom: [],
  };
  let replaced = false;
  const clear: Step = {
    title: "Clear the sandbox",
    run: async ({ note }) => {
      await undoInterrupted(rt, session, progress, sandbox);
      // While the session still knows what was handed over: interrupted from here on, the learner's files are safe.
      const aside = await putWorkspaceAside(rt, session);
      if (aside !== undefined) progress.tell(`What you wrote is kept in ${aside}.`);
      await saveSession(rt, underWay.session);
      await logEvent(rt, session, { type: "reset" });
      const { clean } = await clearLab(rt, scenario, note);
      if (clean) return;
      progress.tell(`${sandbox.name} would not come clean, so a new sandbox takes its place.`);
      replaced = true;
      await closeSandbox(sandbox);
      await (await providerOf(session.sandbox.provider)).remove(rt, sandbox.name);
      await tellPrepared(underWay, await prepareSandbox(rt, underWay, note), options);
    },
  };
  try {
    const steps = [clear, ...laySteps(rt, underWay, { symptom: options.symptom ?? true })];
    const times = await progress.steps(recordedSteps(rt, session, "reset", progress, steps));
    return { ...handedOver(rt, underWay, times), replaced };
  } finally {
    await closeSandbox(underWay.sandbox);
  }
}
