import { randomUUID } from "node:crypto";
import { type Rising, laySteps, undisturbed } from "../flows/start.ts";
import { stopLab } from "../flows/stop.ts";
import { lookContext, verifyLab } from "../flows/verify.ts";
import type { Lab } from "../lab/lab.ts";
import { generateValues } from "../lab/values.ts";
import { messageOf } from "../lib/errors.ts";
import type { CaseResult } from "../report/proof-text.ts";
import { eventText } from "../report/verify-progress.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { openScenario } from "../scenario/open-scenario.ts";
import { symptomLasts } from "../scenario/symptom.ts";
import { forgetSession, saveSession } from "../session/store.ts";
import { removeWorkspace } from "../session/workspace.ts";
import { type Inventory, differences, dockerInventory, hostInventory, kubeInventory } from "./inventory.ts";
import { judgeBroken, judgeBypass, judgeFix } from "./judge.ts";
import type { ProofCase } from "./plan.ts";
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

type Running = Rising & { readonly sandbox: Sandbox };

/** State that cases hand on: one sandbox, and what existed before the first. */
interface Bench {
  readonly rt: Runtime;
  readonly lab: Lab;
  readonly docker: Inventory;
  readonly alone: boolean;
  readonly note: (text: string) => void;
  rising?: Rising;
  pristine?: Inventory;
}

function newSession(rt: Runtime, lab: Lab, variant: string, name: string): Rising["session"] {
  const seed = "proof";
  return {
    version: 1,
    id: randomUUID(),
    lab: { id: lab.id, dir: lab.dir, digest: lab.digest },
    variant,
    seed,
    startedAt: new Date(rt.clock.now()).toISOString(),
    phase: "starting",
    sandbox: { provider: lab.topology.provider, name },
    values: { ...generateValues(lab.values, seed), sandbox: name },
    open: [],
  };
}

async function openSandbox(bench: Bench): Promise<Sandbox> {
  const provider = await providerOf(bench.lab.topology.provider);
  const { sandbox, settled } = await provider.prepare(bench.rt, bench.lab.topology, bench.note);
  await settled;
  return sandbox;
}

/** The lab laid down afresh under a variant: what is there of an earlier case is cleared first, as reset does. */
async function lay(bench: Bench, variant: string, symptom: boolean): Promise<Running> {
  const { rt, lab, note } = bench;
  const provider = await providerOf(lab.topology.provider);
  const session = newSession(rt, lab, variant, provider.nameFor(rt, lab.topology));
  await saveSession(rt, session);
  const sandbox = bench.rising?.sandbox ?? (await openSandbox(bench));
  const scenario = await openScenario(rt, sandbox);
  const rising: Running = { session, sandbox, scenario, symptom: [] };
  if (bench.rising === undefined) {
    await scenario.takeStock();
    bench.pristine = await kubeInventory(rt, sandbox, session);
  } else {
    const { clean } = await scenario.clear(note);
    if (!clean) throw new Error("the sandbox could not be cleared between two cases");
  }
  bench.rising = rising;
  for (const step of laySteps(rt, lab, rising, { symptom })) {
    if ((await step.skip?.()) === false || step.skip === undefined) await step.run({ note });
  }
  return rising;
}

async function runLeaks(bench: Bench): Promise<string> {
  const { rt, lab, note, rising, pristine } = bench;
  if (rising === undefined || pristine === undefined) return "no case ran before it";
  await stopLab(rt, rising.session, note);
  const sandbox = await openSandbox(bench);
  const inCluster = differences(pristine, await kubeInventory(rt, sandbox, rising.session));
  await (await providerOf(lab.topology.provider)).remove(rt, rising.session.sandbox.name);
  delete bench.rising;
  const outside = differences(bench.docker, await dockerInventory(rt, rising.session.sandbox.name));
  const host = differences(new Set(), await hostInventory(rt, bench.alone));
  return [...inCluster, ...outside, ...host].join("; ");
}

async function runCase(bench: Bench, proofCase: ProofCase): Promise<string> {
  const { rt, lab, note } = bench;
  if (proofCase.kind === "leaks") return runLeaks(bench);
  const verified = (rising: Running) => verifyLab(rt, lab, rising, (event) => note(eventText(event)));
  const waits = proofCase.kind === "broken" || proofCase.kind === "reset";
  const rising = await lay(bench, proofCase.variant, waits);
  const fails = lab.variants.find(({ id }) => id === proofCase.variant)?.fails ?? [];
  if (proofCase.kind === "broken" || proofCase.kind === "reset") {
    return judgeBroken(await verified(rising), fails);
  }
  const { script } = proofCase;
  note(script.name);
  await runScript(rt, rising.session, script, lab.dir);
  if (proofCase.kind === "bypass" && (await symptomLasts(lookContext(rt, lab, rising.session, rising.sandbox)))) {
    return "the symptom is still there, so this is no bypass";
  }
  const result = await verified(rising);
  return proofCase.kind === "fix" ? judgeFix(result) : judgeBypass(result, script.caughtBy);
}

/** Runs cases of one lab one after the other on one sandbox, and removes the sandbox at the end, whatever happened. */
export async function proveLab(rt: Runtime, lab: Lab, options: ProveOptions): Promise<CaseResult[]> {
  const name = (await providerOf(lab.topology.provider)).nameFor(rt, lab.topology);
  const bench: Bench = { rt, lab, docker: await dockerInventory(rt, name), alone: options.alone, note: options.note };
  const results: CaseResult[] = [];
  try {
    for (const proofCase of options.cases) {
      const started = rt.clock.elapsed();
      // When time is up, what has run is still looked after for leaks.
      if (started >= options.until && (proofCase.kind !== "leaks" || bench.rising === undefined)) continue;
      options.note(proofCase.name);
      let problem: string;
      try {
        problem = await runCase(bench, proofCase);
      } catch (error) {
        if (rt.signal.aborted) throw error;
        problem = messageOf(error);
      }
      const seconds = Math.round((rt.clock.elapsed() - started) / 100) / 10;
      const result = { lab: lab.id, name: proofCase.name, passed: problem === "", problem, seconds };
      results.push(result);
      await options.onEnd(result);
    }
  } finally {
    await removeBench(bench);
  }
  return results;
}

async function removeBench({ rt, rising }: Bench): Promise<void> {
  if (rising === undefined) return;
  // Ctrl-C ends the cases, not the cleaning.
  const calm = undisturbed(rt);
  const provider = await providerOf(rising.session.sandbox.provider);
  await provider.remove(calm, rising.session.sandbox.name);
  await removeWorkspace(calm);
  await forgetSession(calm);
}
