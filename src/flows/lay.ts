import type { Lab } from "../lab/lab.ts";
import { messageOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { fillLab } from "../scenario/fill-lab.ts";
import { openScenario } from "../scenario/open-scenario.ts";
import type { Cleared, Scenario } from "../scenario/scenario.ts";
import { awaitSymptom, type SeenSymptom } from "../scenario/symptom.ts";
import { logEvent } from "../session/event-log.ts";
import type { Session } from "../session/session.ts";
import { saveSession } from "../session/store.ts";
import { workspaceDigest, workspaceDir } from "../session/workspace.ts";
import type { Step, StepTimes } from "../ui/steps.ts";
import { closeSandbox } from "./find-session.ts";
import { lookContext } from "./verify.ts";

/** Title of the step that waits until the symptom shows; what it takes is no time of ours. */
export const symptomStep = "Wait for the symptom";

/** A lab on its way to its learner; the steps of start and reset fill it in. */
export interface LabUnderWay {
  readonly lab: Lab;
  session: Session;
  sandbox?: Sandbox;
  scenario?: Scenario;
  /** Of a sandbox that was just made: the rest of it is up. */
  settled?: Promise<void>;
  symptom: readonly SeenSymptom[];
}

/** A lab that the learner can work on, as start and reset leave it. */
export interface HandedOver {
  readonly lab: Lab;
  readonly session: Session;
  readonly sandbox: Sandbox;
  readonly scenario: Scenario;
  /** Empty where it was not waited for. */
  readonly symptom: readonly SeenSymptom[];
  /** How the containers of a Docker lab were started, as lines that a learner can type. */
  readonly containers: readonly string[];
  /** The folder with the learner's files, for labs that have any. */
  readonly workspace?: string;
  /** Milliseconds of each step. */
  readonly steps: StepTimes;
}

/** What start and reset tell of the sandbox that a lab gets. */
export interface PreparedOptions {
  /** Called once all of a sandbox that the lab did not have before is up, before anything is laid into it. */
  readonly onPrepared?: (session: Session, sandbox: Sandbox) => Promise<void>;
}

/** Waits until all of the sandbox is up, where somebody wants to look at it. */
export async function tellPrepared(underWay: LabUnderWay, sandbox: Sandbox, options: PreparedOptions): Promise<void> {
  if (options.onPrepared === undefined) return;
  await underWay.settled;
  await options.onPrepared(underWay.session, sandbox);
}

function opened({ sandbox, scenario }: LabUnderWay): { sandbox: Sandbox; scenario: Scenario } {
  if (sandbox === undefined || scenario === undefined) throw new Error("the sandbox is not open yet");
  return { sandbox, scenario };
}

/** What start and reset return at their end. */
export function handedOver(rt: Runtime, underWay: LabUnderWay, steps: StepTimes): HandedOver {
  const { lab, session, symptom } = underWay;
  const { sandbox, scenario } = opened(underWay);
  const containers = scenario.describe(fillLab(lab, session.variant, session.values));
  const workspace = session.workspace === undefined ? {} : { workspace: workspaceDir(rt) };
  return { lab, session, sandbox, scenario, symptom, containers, ...workspace, steps };
}

/** Everything between a bare sandbox and a learner who sees the symptom; shared by start and reset. */
export function laySteps(rt: Runtime, underWay: LabUnderWay, options: { readonly symptom: boolean }): Step[] {
  const { lab } = underWay;
  const filled = fillLab(lab, underWay.session.variant, underWay.session.values);
  const save = async (change: Partial<Session>): Promise<void> => {
    underWay.session = { ...underWay.session, ...change };
    await saveSession(rt, underWay.session);
  };
  // Known as soon as it is laid: what differs from it is the learner's, even if we do not come to an end.
  const workspaceNow = async (): Promise<Pick<Session, "workspace">> => {
    const workspace = await workspaceDigest(rt);
    return workspace === undefined ? {} : { workspace };
  };
  return [
    {
      title: "Lay down the healthy system",
      run: async () => {
        const { scenario } = opened(underWay);
        await scenario.remember(underWay.session);
        await scenario.layStage(filled);
        await scenario.layBase(filled);
        await save(await workspaceNow());
      },
    },
    {
      title: "Wait until it is healthy",
      run: async ({ note }) => {
        const { scenario } = opened(underWay);
        await Promise.all([scenario.awaitHealthy(filled, note), underWay.settled]);
        await save({ reference: await scenario.reference(filled) });
      },
    },
    {
      title: "Let the incident happen",
      run: async () => {
        const { scenario } = opened(underWay);
        await scenario.breakIt(filled);
        await save({ faultAt: new Date(rt.clock.now()).toISOString(), ...(await workspaceNow()) });
      },
    },
    {
      title: symptomStep,
      skip: () => (options.symptom ? false : "not asked for"),
      run: async ({ note }) => {
        const { sandbox } = opened(underWay);
        underWay.symptom = await awaitSymptom(lookContext(rt, lab, underWay.session, sandbox), note);
      },
    },
    {
      title: "Hand over",
      run: async () => {
        await save({ phase: "running" });
        await opened(underWay).scenario.remember(underWay.session);
        await logEvent(rt, underWay.session, { type: "started", variant: underWay.session.variant });
      },
    },
  ];
}

/** Takes a lab out of its sandbox. What keeps it from being cleared makes it unclean, but for Ctrl-C: then it is as it was left. */
export async function clearLab(
  rt: Pick<Runtime, "signal">,
  scenario: Pick<Scenario, "clear">,
  note: (text: string) => void,
): Promise<Cleared> {
  return scenario.clear(note).catch((error: unknown) => {
    if (rt.signal.aborted) throw error;
    note(`could not clear it: ${messageOf(error)}`);
    return { cleaned: [], clean: false };
  });
}

/**
 * A sandbox for the lab, with stock taken of it: a new one, or the warm one, which is compared with what it was like before any lab. Whatever an
 * earlier run left there is taken out; where that does not hold, a new sandbox takes its place.
 */
export async function prepareSandbox(
  rt: Runtime,
  underWay: LabUnderWay,
  note: (text: string) => void,
): Promise<Sandbox> {
  const { lab, session } = underWay;
  const provider = await providerOf(lab.topology.provider);
  const open = async (): Promise<{ readonly scenario: Scenario; readonly created: boolean }> => {
    const { sandbox, settled, created } = await provider.prepare(rt, lab.topology, note, session.sandbox.name);
    const scenario = await openScenario(rt, sandbox);
    Object.assign(underWay, { sandbox, settled, scenario });
    return { scenario, created };
  };
  const first = await open();
  if (!first.created && !(await clearLab(rt, first.scenario, note)).clean) {
    note(`${session.sandbox.name} is not as it was before the last lab, so a new one takes its place`);
    await closeSandbox(underWay.sandbox);
    await provider.remove(rt, session.sandbox.name);
    await open();
  }
  const { sandbox, scenario } = opened(underWay);
  await scenario.takeStock();
  return sandbox;
}
