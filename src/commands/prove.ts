import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ExitCode, LabsError, usageError } from "../errors.ts";
import type { Lab } from "../lab/lab.ts";
import { labNames } from "../lab/catalog.ts";
import { loadLab } from "../lab/load.ts";
import { chooseCases, chooseDue } from "../prove/choose.ts";
import type { CaseResult } from "../prove/judge.ts";
import { planCases, type ProofCase } from "../prove/plan.ts";
import { recordPass } from "../prove/proof-file.ts";
import { proveLab } from "../prove/prove-lab.ts";
import { readResume, rememberPassed } from "../prove/resume.ts";
import { sharedDigest } from "../prove/shared-digest.ts";
import { withHome } from "../prove/with-home.ts";
import { caseRow, proofJunit, proofSummary } from "../report/proof-text.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { ensureReady } from "../setup/ensure-ready.ts";
import { liveLine } from "../ui/live-line.ts";

/** Options of `labs prove`. */
export interface ProveCommandOptions {
  /** All of the library. */
  readonly all?: boolean;
  /** All of the library: due labs whole, a sample of the others. */
  readonly due?: boolean;
  /** No case starts after this many minutes. */
  readonly minutes?: number;
  readonly cases?: readonly string[];
  readonly resume?: boolean;
  readonly record?: boolean;
  readonly runScripts?: boolean;
  readonly json?: boolean;
  readonly junit?: string;
}

/** Proves labs on real sandboxes of a home of their own. Exit 1 when a case does not hold. */
export async function prove(rt: Runtime, names: readonly string[], options: ProveCommandOptions): Promise<ExitCode> {
  const whole = options.all === true || options.due === true;
  if (whole === names.length > 0) throw usageError("name labs, or say --all or --due", `${rt.program} prove --help`);
  const labs = await Promise.all((whole ? await labNames(rt) : names).map((name) => loadLab(rt, name)));
  const foreign = labs.find(({ dir }) => !dir.startsWith(`${rt.paths.library}/`));
  if (foreign !== undefined && options.runScripts !== true) {
    throw usageError(`proving ${foreign.dir} runs its scripts on this machine`, "read them, then add --run-scripts");
  }
  const shared = await sharedDigest(rt.paths);
  const today = Math.floor(rt.clock.now() / 86_400_000);
  const chosen = options.due === true ? await chooseDue(labs, shared, today) : chooseCases(labs, options.cases);
  const until = rt.clock.now() + (options.minutes ?? Infinity) * 60_000;
  const own = withHome(rt, join(rt.paths.home, "prove"));
  await mkdir(own.paths.home, { recursive: true, mode: 0o700 });
  return withSessionLock(own, "prove", async () => {
    await ensureReady(rt, { kind: labs.some(({ topology }) => topology.provider === "kind") });
    const results: CaseResult[] = [];
    for (const { lab, cases } of chosen) {
      const outcome = await proveOne(own, lab, cases, { shared, resume: options.resume === true, until });
      results.push(...outcome);
      if (options.record === true) await record(rt, lab, outcome, shared);
    }
    if (options.junit !== undefined) await writeFile(resolve(rt.cwd, options.junit), proofJunit(results));
    if (options.json === true) rt.out.write(`${JSON.stringify(results, null, 2)}\n`);
    else rt.out.write(proofSummary(results));
    return results.every(({ passed }) => passed) ? ExitCode.done : ExitCode.notSolved;
  });
}

async function proveOne(
  rt: Runtime,
  lab: Lab,
  cases: readonly ProofCase[],
  { shared, resume, until }: { readonly shared: string; readonly resume: boolean; readonly until: number },
): Promise<CaseResult[]> {
  const digests = `${lab.digest}/${shared}`;
  const passed = resume ? await readResume(rt, lab.id, digests) : [];
  for (const result of passed) rt.err.write(caseRow({ ...result, name: `${result.name} (earlier)` }));
  const left = cases.filter(({ name }) => !passed.some((result) => result.name === name));
  const live = liveLine(rt);
  const done = [...passed];
  await proveLab(rt, lab, {
    cases: left,
    until,
    note: (text) => live.show(text === "" ? "" : `${lab.id}: ${text}`),
    onEnd: async (result) => {
      live.end();
      rt.err.write(caseRow(result));
      done.push(result);
      // After every case, so that an interrupted proof goes on from here.
      await rememberPassed(
        rt,
        lab.id,
        digests,
        done.filter((one) => one.passed),
      );
    },
  }).finally(() => live.end());
  if (done.length < cases.length) rt.err.write(`${lab.id}: ${cases.length - done.length} cases not run, time is up\n`);
  return done;
}

async function record(rt: Runtime, lab: Lab, results: readonly CaseResult[], shared: string): Promise<void> {
  const complete = results.length === planCases(lab).length && results.every(({ passed }) => passed);
  if (!complete) {
    rt.err.write(`${lab.id}: not recorded, because a pass means every case\n`);
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
