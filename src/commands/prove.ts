import { loadLab } from "../flows/load.ts";
import type { Lab } from "../lab/lab.ts";
import { labNames, spreadFolders } from "../lab/read/catalog.ts";
import { ExitCode, LabsError, usageError } from "../lib/errors.ts";
import { type Chosen, chooseCases, chooseChanged, chooseDue, chooseSample } from "../prove/choose.ts";
import { vocabulary } from "../flows/vocabulary.ts";
import { type EngineParts, readEngineParts } from "../lab/proof.ts";
import { proveQueue } from "../prove/prove-queue.ts";
import { groundOf, recordEngine, recordPass, worthOf } from "../prove/record.ts";
import { writeReport } from "../lib/file-error.ts";
import { type CaseResult, proofJunit, proofSummary } from "../report/proof-text.ts";
import type { Runtime } from "../runtime.ts";
import { ensureReady, requireEngine } from "../setup/ensure-ready.ts";
import { offersNeed } from "../lab/needs.ts";

/** Options of `labs prove`. */
export interface ProveCommandOptions {
  /** All of the library. */
  readonly all?: boolean;
  /** Of the library what has no pass at its present digest, whole. */
  readonly changed?: boolean;
  /** Of the library: that, what is owed of labs that are due, and a sample of the others. */
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
  const labs = await Promise.all(
    (whole ? await labNames(rt) : await spreadFolders(rt, names)).map((name) => loadLab(rt, name)),
  );
  const foreign = labs.find(({ dir }) => !dir.startsWith(`${rt.paths.library}/`));
  if (foreign !== undefined && options.runScripts !== true) {
    throw usageError(`proving ${foreign.dir} runs its scripts on this machine`, "read them, then add --run-scripts");
  }
  const engine = await readEngineParts(rt.paths.engine);
  const chosen = await choose(rt, labs, engine, options);
  await requireEngine(rt);
  const until = rt.clock.elapsed() + (options.minutes ?? options.sample ?? Infinity) * 60_000;
  const images = [...new Set(labs.flatMap((lab) => lab.images))];
  await ensureReady(rt, { kind: labs.some(({ topology }) => offersNeed(topology.provider, "cluster")), images });
  const unrecorded: unknown[] = [];
  const results = await proveQueue(rt, chosen, {
    jobs: options.jobs ?? 1,
    groundOf: (lab) => groundOf(lab, vocabulary, engine),
    resume: options.resume === true,
    until,
    onLab: async ({ lab }, outcome) => {
      if (options.record !== true) return;
      // The other labs are still proven, and all results are told before this is.
      await record(rt, lab, outcome, engine).catch((error: unknown) => unrecorded.push(error));
    },
  });
  if (options.json === true) rt.out.write(`${JSON.stringify(results, null, 2)}\n`);
  else rt.out.write(proofSummary(results));
  if (options.junit !== undefined) await writeReport(rt.cwd, options.junit, proofJunit(results));
  if (unrecorded.length > 0) throw unrecorded[0];
  return results.every(({ passed }) => passed) ? ExitCode.done : ExitCode.notSolved;
}

async function choose(
  rt: Runtime,
  labs: readonly Lab[],
  engine: EngineParts,
  { changed, due, sample, cases }: ProveCommandOptions,
): Promise<readonly Chosen[]> {
  const today = Math.floor(rt.clock.now() / 86_400_000);
  if (changed === true) return chooseChanged(labs, engine, today);
  if (due === true) return chooseDue(labs, engine, today);
  if (sample !== undefined) return chooseSample(labs, engine, today);
  return chooseCases(labs, cases, today);
}

/** Writes down what these results are worth: a whole pass, or that a proven lab holds with the engine as it is now. */
async function record(rt: Runtime, lab: Lab, results: readonly CaseResult[], engine: EngineParts): Promise<void> {
  const tell = (text: string) => rt.err.write(`${lab.id}: ${text}\n`);
  const { worth, why } = worthOf(lab, results);
  if (worth === "nothing") return tell(`not recorded, because ${why}`);
  if ((await loadLab(rt, lab.dir)).digest !== lab.digest) {
    throw new LabsError(ExitCode.usage, `${lab.id} was edited while it was proven`);
  }
  const ground = groundOf(lab, vocabulary, engine);
  const at = new Date(rt.clock.now()).toISOString();
  if (worth === "look") {
    const kept = await recordEngine(lab.dir, ground, at);
    return tell(kept ? "holds with the engine as it is, recorded" : `not recorded, because ${why}`);
  }
  await recordPass(lab.dir, ground, {
    at,
    seconds: Math.round(results.reduce((sum, { seconds }) => sum + seconds, 0)),
    cases: results.length,
    sandbox: offersNeed(lab.topology.provider, "cluster")
      ? (await ensureReady(rt, { kind: true })).nodeImage
      : lab.topology.provider,
  });
  tell("pass recorded");
}
