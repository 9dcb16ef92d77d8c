import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { loadLab } from "../flows/load.ts";
import type { Lab } from "../lab/lab.ts";
import { labNames } from "../lab/read/catalog.ts";
import { ExitCode, LabsError, usageError } from "../lib/errors.ts";
import { type Chosen, chooseCases, chooseChanged, chooseDue, chooseSample } from "../prove/choose.ts";
import { noPass } from "../prove/judge.ts";
import { planCases } from "../prove/plan.ts";
import { recordPass } from "../prove/proof-file.ts";
import { proveQueue } from "../prove/prove-queue.ts";
import { sharedDigest } from "../prove/shared-digest.ts";
import { type CaseResult, proofJunit, proofSummary } from "../report/proof-text.ts";
import type { Runtime } from "../runtime.ts";
import { ensureReady, requireEngine } from "../setup/ensure-ready.ts";

/** Options of `labs prove`. */
export interface ProveCommandOptions {
  /** All of the library. */
  readonly all?: boolean;
  /** Of the library what was edited since its passes, whole. */
  readonly changed?: boolean;
  /** Of the library: due labs whole, a sample of the others. */
  readonly due?: boolean;
  /** A sample of every lab of the library, for so many minutes. */
  readonly sample?: number;
  /** No case starts after this many minutes. */
  readonly minutes?: number;
  /** Provers side by side; default 1. */
  readonly jobs?: number;
  readonly cases?: readonly string[];
  readonly resume?: boolean;
  readonly record?: boolean;
  readonly runScripts?: boolean;
  readonly json?: boolean;
  readonly junit?: string;
}

/** Proves labs on real sandboxes of homes of their own. Exit 1 when a case does not hold. */
export async function prove(rt: Runtime, names: readonly string[], options: ProveCommandOptions): Promise<ExitCode> {
  const selections = [options.all, options.changed, options.due, options.sample !== undefined, names.length > 0];
  if (selections.filter((one) => one === true).length !== 1) {
    throw usageError("name labs, or say one of --all, --changed, --due, --sample", `${rt.program} prove --help`);
  }
  const whole = names.length === 0;
  const labs = await Promise.all((whole ? await labNames(rt) : names).map((name) => loadLab(rt, name)));
  const foreign = labs.find(({ dir }) => !dir.startsWith(`${rt.paths.library}/`));
  if (foreign !== undefined && options.runScripts !== true) {
    throw usageError(`proving ${foreign.dir} runs its scripts on this machine`, "read them, then add --run-scripts");
  }
  const shared = await sharedDigest(rt.paths);
  const chosen = await choose(rt, labs, shared, options);
  await requireEngine(rt);
  const until = rt.clock.elapsed() + (options.minutes ?? options.sample ?? Infinity) * 60_000;
  const images = [...new Set(labs.flatMap((lab) => lab.images))];
  await ensureReady(rt, { kind: labs.some(({ topology }) => topology.provider === "kind"), images });
  const results = await proveQueue(rt, chosen, {
    jobs: options.jobs ?? 1,
    shared,
    resume: options.resume === true,
    until,
    onLab: async ({ lab }, outcome) => {
      if (options.record === true) await record(rt, lab, outcome, shared);
    },
  });
  if (options.junit !== undefined) await writeFile(resolve(rt.cwd, options.junit), proofJunit(results));
  if (options.json === true) rt.out.write(`${JSON.stringify(results, null, 2)}\n`);
  else rt.out.write(proofSummary(results));
  return results.every(({ passed }) => passed) ? ExitCode.done : ExitCode.notSolved;
}

async function choose(
  rt: Runtime,
  labs: readonly Lab[],
  shared: string,
  { changed, due, sample, cases }: ProveCommandOptions,
): Promise<readonly Chosen[]> {
  const today = Math.floor(rt.clock.now() / 86_400_000);
  if (changed === true) return chooseChanged(labs);
  if (due === true) return chooseDue(labs, shared, today);
  if (sample !== undefined) return chooseSample(labs, today);
  return chooseCases(labs, cases);
}

async function record(rt: Runtime, lab: Lab, results: readonly CaseResult[], shared: string): Promise<void> {
  const why = noPass(results, planCases(lab).length);
  if (why !== "") {
    rt.err.write(`${lab.id}: not recorded, because ${why}\n`);
    return;
  }
  if ((await loadLab(rt, lab.dir)).digest !== lab.digest) {
    throw new LabsError(ExitCode.usage, `${lab.id} was edited while it was proven`);
  }
  const pass = {
    at: new Date(rt.clock.now()).toISOString(),
    seconds: Math.round(results.reduce((sum, { seconds }) => sum + seconds, 0)),
    cases: results.length,
    sandbox: lab.topology.provider === "kind" ? (await ensureReady(rt, { kind: true })).nodeImage : "docker",
  };
  const passes = await recordPass(lab.dir, { lab: lab.digest, shared }, pass);
  rt.err.write(`${lab.id}: pass recorded, ${passes} at this digest\n`);
}
