import type { Lab } from "../lab/lab.ts";
import { withSignal, type Runtime } from "../runtime.ts";
import { askedRange } from "../setup/address-range.ts";
import { providerOf } from "../sandbox/providers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import type { Session } from "../session/session.ts";
import { logEvent } from "../session/event-log.ts";
import { saveSession } from "../session/store.ts";
import { workspaceDigest } from "../session/workspace.ts";
import { ensureReady } from "../setup/ensure-ready.ts";
import type { Step } from "../ui/steps.ts";
import { fillLab } from "../scenario/fill-lab.ts";
import { openScenario } from "../scenario/open-scenario.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { awaitSymptom, type SeenSymptom } from "../scenario/symptom.ts";
import { lookContext } from "./verify.ts";
import { offersNeed } from "../lab/needs.ts";

/** A lab on its way up, filled in by the steps. */
export interface Rising {
  session: Session;
  sandbox?: Sandbox;
  scenario?: Scenario;
  /** Of a sandbox that was just made: the rest of it is up. */
  settled?: Promise<void>;
  symptom: readonly SeenSymptom[];
}

function opened(rising: Rising): { sandbox: Sandbox; scenario: Scenario } {
  const { sandbox, scenario } = rising;
  if (sandbox === undefined || scenario === undefined) throw new Error("the sandbox is not open yet");
  return { sandbox, scenario };
}

/** Everything between a bare sandbox and a learner who sees the symptom; shared by start and reset. */
export function laySteps(rt: Runtime, lab: Lab, rising: Rising, options: { readonly symptom: boolean }): Step[] {
  const filled = fillLab(lab, rising.session.variant, rising.session.values);
  const save = async (change: Partial<Session>): Promise<void> => {
    rising.session = { ...rising.session, ...change };
    await saveSession(rt, rising.session);
  };
  return [
    {
      title: "Lay down the healthy system",
      run: async () => {
        const { scenario } = opened(rising);
        await scenario.remember(rising.session);
        await scenario.layStage(filled);
        await scenario.layBase(filled);
      },
    },
    {
      title: "Wait until it is healthy",
      run: async ({ note }) => {
        const { scenario } = opened(rising);
        await Promise.all([scenario.awaitHealthy(filled, note), rising.settled]);
        await save({ reference: await scenario.reference(filled) });
      },
    },
    {
      title: "Let the incident happen",
      run: async () => {
        const { scenario } = opened(rising);
        await scenario.breakIt(filled);
        const workspace = await workspaceDigest(rt);
        await save({
          faultAt: new Date(rt.clock.now()).toISOString(),
          ...(workspace === undefined ? {} : { workspace }),
        });
      },
    },
    {
      title: "Wait for the symptom",
      skip: () => (options.symptom ? false : "not asked for"),
      run: async ({ note }) => {
        const { sandbox } = opened(rising);
        rising.symptom = await awaitSymptom(lookContext(rt, lab, rising.session, sandbox), note);
      },
    },
    {
      title: "Hand over",
      run: async () => {
        await save({ phase: "running" });
        await opened(rising).scenario.remember(rising.session);
        await logEvent(rt, rising.session, { type: "started", variant: rising.session.variant });
      },
    },
  ];
}

/** A sandbox for the lab, warm or new, with stock taken of it. */
export async function prepareSandbox(
  rt: Runtime,
  lab: Lab,
  rising: Rising,
  note: (text: string) => void,
): Promise<void> {
  const provider = await providerOf(lab.topology.provider);
  const { sandbox, settled } = await provider.prepare(rt, lab.topology, note, rising.session.sandbox.name);
  rising.sandbox = sandbox;
  rising.settled = settled;
  rising.scenario = await openScenario(rt, sandbox);
  await rising.scenario.takeStock();
}

/** The steps of a start. The session is saved before anything is made, so that stop works whatever happens. */
export function startSteps(rt: Runtime, lab: Lab, rising: Rising, options: { readonly symptom: boolean }): Step[] {
  return [
    {
      title: "Check tools and images",
      run: async () => {
        // Before anything is saved or made.
        askedRange(rt.env);
        await ensureReady(rt, { kind: offersNeed(lab.topology.provider, "cluster"), images: lab.images });
        await saveSession(rt, rising.session);
      },
    },
    {
      title: offersNeed(lab.topology.provider, "cluster") ? "Prepare a cluster" : "Prepare a network",
      run: ({ note }) => prepareSandbox(rt, lab, rising, note),
    },
    ...laySteps(rt, lab, rising, options),
  ];
}

/** A runtime whose work Ctrl-C does not cut short: for undoing. */
export function undisturbed(rt: Runtime): Runtime {
  return withSignal(rt, new AbortController().signal);
}
