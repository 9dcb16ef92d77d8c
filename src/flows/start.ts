import { randomBytes, randomUUID } from "node:crypto";
import type { Lab } from "../lab/lab.ts";
import { offersNeed } from "../lab/needs.ts";
import { generateValues, pickVariant } from "../lab/values.ts";
import { messageOf, usageError } from "../lib/errors.ts";
import { type Runtime, withSignal } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { pruneSessions } from "../session/prune.ts";
import type { Session } from "../session/session.ts";
import { readSession, saveSession } from "../session/store.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { askedRange } from "../setup/address-range.ts";
import { ensureReady, requireEngine } from "../setup/ensure-ready.ts";
import { type Progress, silentProgress } from "../ui/progress.ts";
import type { Step, StepTimes } from "../ui/steps.ts";
import { closeSandbox, sessionAtWork } from "./find-session.ts";
import {
  type HandedOver,
  handedOver,
  type LabUnderWay,
  laySteps,
  type PreparedOptions,
  prepareSandbox,
  tellPrepared,
} from "./lay.ts";
import { recordedSteps } from "./recorded-steps.ts";
import { stopLab } from "./stop.ts";

/** How a lab is started. */
export interface StartOptions extends PreparedOptions {
  /** One of the lab's variants; random by the seed without it. */
  readonly variant?: string;
  /** Makes random choices repeatable; random without it. */
  readonly seed?: string;
  /** Leave everything as it is when the start fails or is interrupted. */
  readonly keep?: boolean;
  /** False: hand over as soon as the fault is in. */
  readonly symptom?: boolean;
}

/** The same lab ran before it was to be started; nothing was changed. */
export interface AlreadyRunning {
  readonly alreadyRunning: Session;
}

async function newSession(rt: Runtime, lab: Lab, options: StartOptions): Promise<Session> {
  const seed = options.seed ?? randomBytes(4).toString("hex");
  const provider = await providerOf(lab.topology.provider);
  const name = provider.nameFor(rt, lab.topology);
  return {
    version: 1,
    id: randomUUID(),
    lab: { id: lab.id, dir: lab.dir, digest: lab.digest },
    variant: pickVariant(lab, seed, options.variant).id,
    seed,
    startedAt: new Date(rt.clock.now()).toISOString(),
    phase: "starting",
    sandbox: { provider: provider.name, name },
    values: { ...generateValues(lab.values, seed), sandbox: name },
    open: [],
    ...(options.keep === true ? { kept: true } : {}),
  };
}

/** The steps of a start. The session is saved before anything is made, so that stop works whatever happens. */
export function startSteps(rt: Runtime, underWay: LabUnderWay, options: StartOptions, progress: Progress): Step[] {
  const { lab, session } = underWay;
  const kind = offersNeed(lab.topology.provider, "cluster");
  const ready: Step = {
    title: "Check tools and images",
    run: async () => {
      // Before anything is saved or made.
      askedRange(rt.env);
      await ensureReady(rt, { kind, images: lab.images });
      // Of a lab whose session was lost; nobody may lay another lab's files over it.
      const aside = await putWorkspaceAside(rt, undefined);
      if (aside !== undefined) progress.tell(`What you wrote is kept in ${aside}.`);
      await saveSession(rt, session);
      await pruneSessions(rt, session.id);
    },
  };
  const prepare: Step = {
    title: kind ? "Prepare a cluster" : "Prepare a network",
    run: async ({ note }) => {
      const sandbox = await prepareSandbox(rt, underWay, note);
      await tellPrepared(underWay, sandbox, options);
    },
  };
  const rest = [prepare, ...laySteps(rt, underWay, { symptom: options.symptom ?? true })];
  return [ready, ...recordedSteps(rt, session, "start", progress, rest)];
}

/**
 * Starts a lab in this home: sandbox, healthy system, incident, symptom. A start that fails or is interrupted takes away what it made, and throws.
 * Exit 2 where another lab runs. The caller holds the session lock.
 */
export async function startLab(
  rt: Runtime,
  lab: Lab,
  options: StartOptions,
  progress: Progress,
): Promise<HandedOver | AlreadyRunning> {
  await requireEngine(rt);
  const running = await sessionAtWork(rt, progress);
  if (running !== undefined) return refuseSecond(rt, running, lab);
  const underWay: LabUnderWay = { lab, session: await newSession(rt, lab, options), symptom: [] };
  let times: StepTimes;
  try {
    times = await progress.steps(startSteps(rt, underWay, options, progress));
  } catch (error) {
    // Until the session is saved nothing has been made.
    if ((await readSession(rt))?.id === underWay.session.id) {
      await undo(rt, underWay.session, options.keep === true, progress);
    }
    throw error;
  } finally {
    await closeSandbox(underWay.sandbox);
  }
  return handedOver(rt, underWay, times);
}

function refuseSecond(rt: Runtime, running: Session, lab: Lab): AlreadyRunning {
  if (running.lab.dir === lab.dir && running.phase === "running") return { alreadyRunning: running };
  const state = running.phase === "running" ? "is running" : `was left while ${running.phase}`;
  throw usageError(`lab ${running.lab.id} ${state}, and one lab runs at a time`, `${rt.program} stop`);
}

/** A runtime whose work Ctrl-C does not cut short: for undoing. */
export function uninterrupted(rt: Runtime): Runtime {
  return withSignal(rt, new AbortController().signal);
}

async function undo(rt: Runtime, session: Session, keep: boolean, { tell }: Progress): Promise<void> {
  if (keep) {
    tell(`Left as it is (--keep). ${rt.program} stop removes it.`);
    return;
  }
  tell("Undoing what was made …");
  try {
    const { sandbox } = await stopLab(uninterrupted(rt), session, silentProgress(rt));
    tell(`Undone; sandbox ${sandbox}.`);
  } catch (error) {
    // What broke the start may keep us from undoing it; the first error is the one to tell.
    tell(`Could not undo it now (${messageOf(error)}); ${rt.program} stop does it later.`);
  }
}
