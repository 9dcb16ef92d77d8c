import { mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ExitCode, LabsError, usageError } from "../errors.ts";
import type { Lab } from "../lab/lab.ts";
import { loadLab } from "../lab/load.ts";
import type { CaseResult } from "../prove/judge.ts";
import { planCases, type ProofCase } from "../prove/plan.ts";
import { readProof, recordPass } from "../prove/proof-file.ts";
import { proveLab } from "../prove/prove-lab.ts";
import { readResume, rememberPassed } from "../prove/resume.ts";
import { sharedDigest } from "../prove/shared-digest.ts";
import { withHome } from "../prove/with-home.ts";
import { caseRow, proofJunit, proofSummary } from "../report/proof-text.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { ensureReady } from "../setup/ensure-ready.ts";

/** Options of `labs prove`. */
export interface ProveCommandOptions {
  readonly cases?: readonly string[];
  readonly resume?: boolean;
  readonly record?: boolean;
  readonly runScripts?: boolean;
  readonly json?: boolean;
  readonly junit?: string;
}

function chosenCases(lab: Lab, wanted: readonly string[] | undefined): ProofCase[] {
  const all = planCases(lab);
  if (wanted === undefined) return all;
  const names = all.map(({ name }) => name);
  const unknown = wanted.find((name) => !names.includes(name));
  if (unknown !== undefined) throw usageError(`lab ${lab.id} has no case "${unknown}"`, `one of: ${names.join(", ")}`);
  return all.filter(({ name }) => wanted.includes(name));
}

/** Proves labs on real sandboxes of a home of their own. Exit 1 when a case does not hold. */
export async function prove(rt: Runtime, names: readonly string[], options: ProveCommandOptions): Promise<ExitCode> {
  const labs = await Promise.all(names.map((name) => loadLab(rt, name)));
  const foreign = labs.find(({ dir }) => !dir.startsWith(`${rt.paths.library}/`));
  if (foreign !== undefined && options.runScripts !== true) {
    throw usageError(`proving ${foreign.dir} runs its scripts on this machine`, "read them, then add --run-scripts");
  }
  const plan = labs.map((lab) => ({ lab, cases: chosenCases(lab, options.cases) }));
  const own = withHome(rt, join(rt.paths.home, "prove"));
  await mkdir(own.paths.home, { recursive: true, mode: 0o700 });
  return withSessionLock(own, "prove", async () => {
    await ensureReady(rt, { kind: labs.some(({ topology }) => topology.provider === "kind") });
    const shared = await sharedDigest(rt.paths);
    const results: CaseResult[] = [];
    for (const { lab, cases } of plan) {
      const outcome = await proveOne(own, lab, cases, { shared, resume: options.resume === true });
      results.push(...outcome);
      if (options.record === true) await record(rt, lab, cases, outcome, shared);
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
  { shared, resume }: { readonly shared: string; readonly resume: boolean },
): Promise<CaseResult[]> {
  const digests = `${lab.digest}/${shared}`;
  const passed = resume ? await readResume(rt, lab.id, digests) : [];
  for (const result of passed) rt.err.write(caseRow({ ...result, name: `${result.name} (earlier)` }));
  const left = cases.filter(({ name }) => !passed.some((result) => result.name === name));
  const fresh = await proveLab(rt, lab, {
    cases: left,
    onStart: ({ name }) => rt.err.write(`… ${lab.id}  ${name}\n`),
    note: () => undefined,
    onEnd: (result) => {
      rt.err.write(caseRow(result));
    },
  });
  await rememberPassed(
    rt,
    lab.id,
    digests,
    [...passed, ...fresh].filter((result) => result.passed),
  );
  return [...passed, ...fresh];
}

async function record(
  rt: Runtime,
  lab: Lab,
  cases: readonly ProofCase[],
  results: readonly CaseResult[],
  shared: string,
): Promise<void> {
  const whole = cases.length === planCases(lab).length && results.every(({ passed }) => passed);
  if (!whole) {
    rt.err.write(`${lab.id}: not recorded, because a pass means every case\n`);
    return;
  }
  if ((await loadLab(rt, lab.dir)).digest !== lab.digest)
    throw new LabsError(ExitCode.usage, `${lab.id} was edited while it was proven`);
  await recordPass(
    lab.dir,
    { lab: lab.digest, shared },
    {
      at: new Date(rt.clock.now()).toISOString(),
      seconds: Math.round(results.reduce((sum, { seconds }) => sum + seconds, 0)),
      cases: results.length,
      sandbox: lab.topology.provider === "kind" ? (await ensureReady(rt, { kind: true })).nodeImage : "docker",
    },
  );
  const { passes } = (await readProof(lab.dir)) ?? { passes: [] };
  rt.err.write(`${lab.id}: pass recorded, ${passes.length} at this digest\n`);
}
