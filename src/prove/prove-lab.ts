import { findSession, type RunningSession } from "../flows/find-session.ts";
import { type HandedOver, symptomStep } from "../flows/lay.ts";
import type { PreparedOptions } from "../flows/lay.ts";
import { resetLab } from "../flows/reset.ts";
import { startLab, uninterrupted } from "../flows/start.ts";
import { stopLab } from "../flows/stop.ts";
import { lookContext, verifyLab } from "../flows/verify.ts";
import type { Lab } from "../lab/lab.ts";
import { messageOf } from "../lib/errors.ts";
import type { CaseResult } from "../report/proof-text.ts";
import { eventText } from "../report/verify-progress.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { symptomLasts } from "../scenario/symptom.ts";
import { removeSessionRecords } from "../session/event-log.ts";
import { endSession } from "../session/store.ts";
import { removeWorkspace } from "../session/workspace.ts";
import { notedProgress, type Progress } from "../ui/progress.ts";
import { type Inventory, differences, dockerInventory, hostInventory, kubeInventory } from "./inventory.ts";
import type { ProofCase } from "./plan.ts";
import { type CaseTools, type SymptomTimes, runCase } from "./run-case.ts";
import { runScript } from "./run-script.ts";

/** How one lab's proof is run. */
export interface ProveOptions {
  readonly cases: readonly ProofCase[];
  /** Milliseconds since the epoch after which no case starts. */
  readonly until: number;
  /** No other prover runs in this process: then no child process may be left at the end. */
  readonly alone: boolean;
  readonly note: (text: string) => void;
  readonly onEnd: (result: CaseResult) => Promise<void>;
}

/** What the cases of one lab share and hand on: the lab as it runs, and what existed before the first case. */
interface ProofRun {
  readonly rt: Runtime;
  readonly lab: Lab;
  readonly docker: Inventory;
  readonly alone: boolean;
  readonly progress: Progress;
  /** What the parts of the present case took, in ms. */
  readonly stages: Map<string, number>;
  /** The lab as the last case left it; undefined before the first, and after one that did not get so far. */
  running?: HandedOver;
  /** What was in the sandbox before any lab. */
  pristine?: Inventory;
}

async function openSandbox({ rt, lab, progress }: ProofRun): Promise<Sandbox> {
  const provider = await providerOf(lab.topology.provider);
  const { sandbox, settled } = await provider.prepare(rt, lab.topology, progress.tell);
  await settled;
  return sandbox;
}

/** Notes what is in the first sandbox before any lab, and in one that takes its place (`replaced`): names in it are others. */
function takingStock(run: ProofRun, replaced: boolean): PreparedOptions {
  return {
    onPrepared: async (session, sandbox) => {
      if (replaced || run.pristine === undefined) run.pristine = await kubeInventory(run.rt, sandbox, session);
    },
  };
}

/** Starts the lab as a learner does, in a home where an interrupted proof may have left another one. */
async function begin(run: ProofRun, variant: string, symptom: boolean): Promise<HandedOver> {
  const { rt, lab, progress } = run;
  const left = await findSession(rt, progress);
  if (left !== undefined) await stopLab(rt, left, progress);
  const started = await startLab(rt, lab, { variant, seed: "proof", symptom, ...takingStock(run, false) }, progress);
  if ("alreadyRunning" in started) throw new Error(`lab ${lab.id} runs although it was stopped`);
  return started;
}

/** The lab broken afresh under a variant: started, or reset where an earlier case has started it. */
async function lay(run: ProofRun, variant: string, symptom: boolean): Promise<HandedOver> {
  const { rt, lab, progress, running } = run;
  delete run.running;
  if (running === undefined) return (run.running = await begin(run, variant, symptom));
  const again = await resetLab(rt, { variant, symptom, ...takingStock(run, true) }, progress, { ...running, lab });
  run.running = again;
  if (again.replaced) throw new Error("the sandbox could not be cleared between two cases");
  return again;
}

async function runLeaks(run: ProofRun): Promise<string> {
  const { rt, lab, progress, pristine } = run;
  const session = run.running?.session ?? (await findSession(rt, progress));
  if (session === undefined || pristine === undefined) return "no case ran before it";
  delete run.running;
  await stopLab(rt, session, progress);
  const sandbox = await openSandbox(run);
  const inCluster = differences(pristine, await kubeInventory(rt, sandbox, session));
  await (await providerOf(lab.topology.provider)).remove(rt, session.sandbox.name);
  const outside = differences(run.docker, await dockerInventory(rt, session.sandbox.name));
  const host = differences(new Set(), await hostInventory(rt, run.alone));
  return [...inCluster, ...outside, ...host].join("; ");
}

/** What a case does, in the sandbox of this run. */
function toolsOf(run: ProofRun): CaseTools {
  const { rt, lab, progress } = run;
  const running = (): RunningSession => {
    if (run.running === undefined) throw new Error("the lab is not laid down");
    return run.running;
  };
  const add = (stage: string, ms: number) => run.stages.set(stage, (run.stages.get(stage) ?? 0) + ms);
  const timed = async <T>(stage: string, work: () => Promise<T>): Promise<T> => {
    const started = rt.clock.elapsed();
    try {
      return await work();
    } finally {
      add(stage, rt.clock.elapsed() - started);
    }
  };
  return {
    clock: rt.clock,
    lay: async (variant, symptom) => {
      const { steps } = await lay(run, variant, symptom);
      for (const [title, ms] of Object.entries(steps)) add(title, ms);
      return steps[symptomStep] ?? 0;
    },
    runScript: (script) =>
      timed("Run the script", () => {
        progress.tell(script.name);
        return runScript(rt, running().session, script, lab.dir);
      }),
    symptomLasts: () =>
      timed("Look for the symptom", () => symptomLasts(lookContext(rt, lab, running().session, running().sandbox))),
    sleep: (ms) => timed("Look for the symptom", () => rt.clock.sleep(ms, rt.signal)),
    verify: async (enough) => {
      const { result } = await verifyLab(rt, progress, { ...running(), lab }, { enough });
      add("Verify: experiments", result.windowsMs);
      add("Verify: all else", result.durationMs - result.windowsMs);
      return result;
    },
    leaks: () => timed("Look for leaks", () => runLeaks(run)),
  };
}

/** Milliseconds as seconds with one digit. */
function inSeconds(ms: number): number {
  return Math.round(ms / 100) / 10;
}

/** Runs cases of one lab one after the other on one sandbox, and removes the sandbox at the end, whatever happened. */
export async function proveLab(rt: Runtime, lab: Lab, options: ProveOptions): Promise<CaseResult[]> {
  const name = (await providerOf(lab.topology.provider)).nameFor(rt, lab.topology);
  const { alone, note } = options;
  const progress = notedProgress(rt, note, (event) => note(eventText(event)));
  const run: ProofRun = { rt, lab, docker: await dockerInventory(rt, name), alone, progress, stages: new Map() };
  const tools = toolsOf(run);
  const times: SymptomTimes = new Map();
  const results: CaseResult[] = [];
  try {
    for (const proofCase of options.cases) {
      const started = rt.clock.elapsed();
      // When time is up, what has run is still looked after for leaks.
      if (started >= options.until && (proofCase.kind !== "leaks" || run.pristine === undefined)) continue;
      note(proofCase.name);
      run.stages.clear();
      let problem: string;
      try {
        problem = await runCase(tools, lab, proofCase, times);
      } catch (error) {
        if (rt.signal.aborted) throw error;
        problem = messageOf(error);
      }
      const seconds = inSeconds(rt.clock.elapsed() - started);
      const stages = Object.fromEntries([...run.stages].map(([stage, ms]) => [stage, inSeconds(ms)]));
      const result = { lab: lab.id, name: proofCase.name, passed: problem === "", problem, seconds, stages };
      results.push(result);
      await options.onEnd(result);
    }
  } finally {
    await cleanUp(run, name);
  }
  return results;
}

/** Removes the sandbox and all state of the home that the cases ran in. */
async function cleanUp({ rt, lab }: ProofRun, name: string): Promise<void> {
  // Ctrl-C ends the cases, not the cleaning.
  const calm = uninterrupted(rt);
  await (await providerOf(lab.topology.provider)).remove(calm, name);
  await removeWorkspace(calm);
  await endSession(calm);
  await removeSessionRecords(calm);
}
