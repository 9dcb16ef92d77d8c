import { randomBytes, randomUUID } from "node:crypto";
import { ExitCode, LabsError, messageOf } from "../lib/errors.ts";
import { loadLab } from "../flows/load.ts";

import { generateValues, pickVariant } from "../lab/values.ts";
import { handOver, handOverJson } from "../report/hand-over.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { startSteps, undisturbed, type Rising } from "../flows/start.ts";
import { stopLab } from "../flows/stop.ts";
import { findSession } from "../flows/find-session.ts";
import type { Session } from "../session/session.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { requireEngine } from "../setup/ensure-ready.ts";
import { runSteps, type StepTimes } from "../ui/steps.ts";

/** Options of `labs start`. */
export interface StartOptions {
  readonly variant?: string;
  readonly seed?: string;
  /** Leave everything as it is when the start fails or is interrupted. */
  readonly keep?: boolean;
  readonly json?: boolean;
  /** False: hand over as soon as the fault is in (proofs). */
  readonly symptom?: boolean;
}

/** Starts a lab: sandbox, healthy system, incident, symptom, hand-over. */
export async function start(rt: Runtime, name: string, options: StartOptions): Promise<ExitCode> {
  const lab = await loadLab(rt, name);
  return withSessionLock(rt, `start ${lab.id}`, async () => {
    await requireEngine(rt);
    const running = await findSession(rt);
    if (running !== undefined) return alreadyRunning(rt, running, lab.dir);
    const seed = options.seed ?? randomBytes(4).toString("hex");
    const provider = await providerOf(lab.topology.provider);
    const session: Session = {
      version: 1,
      id: randomUUID(),
      lab: { id: lab.id, dir: lab.dir, digest: lab.digest },
      variant: pickVariant(lab, seed, options.variant).id,
      seed,
      startedAt: new Date(rt.clock.now()).toISOString(),
      phase: "starting",
      sandbox: { provider: provider.name, name: provider.nameFor(rt, lab.topology) },
      values: { ...generateValues(lab.values, seed), sandbox: provider.nameFor(rt, lab.topology) },
      open: [],
    };
    const rising: Rising = { session, symptom: [] };
    let steps: StepTimes;
    try {
      steps = await runSteps(rt, startSteps(rt, lab, rising, { symptom: options.symptom ?? true }));
    } catch (error) {
      await undo(rt, rising, options.keep === true);
      throw error;
    }
    rt.out.write(options.json === true ? handOverJson(rt, lab, rising, steps) : handOver(rt, lab, rising));
    return ExitCode.done;
  });
}

function alreadyRunning(rt: Runtime, running: Session, dir: string): ExitCode {
  if (running.lab.dir === dir && running.phase === "running") {
    rt.err.write(`Lab ${running.lab.id} is running already; nothing was changed. Next: ${rt.program} status\n`);
    return ExitCode.done;
  }
  const state = running.phase === "running" ? "is running" : `was left while ${running.phase}`;
  throw new LabsError(ExitCode.usage, `lab ${running.lab.id} ${state}, and one lab runs at a time`, {
    cure: `${rt.program} stop`,
  });
}

async function undo(rt: Runtime, rising: Rising, keep: boolean): Promise<void> {
  if (keep) {
    rt.err.write(`Left as it is (--keep). ${rt.program} stop removes it.\n`);
    return;
  }
  rt.err.write("Undoing what was made …\n");
  try {
    const { sandbox } = await stopLab(undisturbed(rt), rising.session, () => undefined);
    rt.err.write(`Undone; sandbox ${sandbox}.\n`);
  } catch (error) {
    // What broke the start may keep us from undoing it; the first error is the one to tell.
    rt.err.write(`Could not undo it now (${messageOf(error)}); ${rt.program} stop does it later.\n`);
  }
}
