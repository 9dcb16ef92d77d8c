import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { measures } from "../experiments/run.ts";
import { type CaseResult, caseRow } from "../report/proof-text.ts";
import type { Runtime } from "../runtime.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { type LiveLine, liveLine } from "../ui/live-line.ts";
import type { Lab } from "../lab/lab.ts";
import type { Chosen } from "./choose.ts";
import { proveLab } from "./prove-lab.ts";
import type { Ground } from "./record.ts";
import { readResume, rememberPassed } from "./resume.ts";
import { withHome } from "./with-home.ts";

/** How a queue of labs is proven. */
export interface QueueOptions {
  /** Provers side by side, each in a home and with sandboxes of its own. */
  readonly jobs: number;
  /** The digests at which a lab is proven. */
  readonly groundOf: (lab: Lab) => Ground;
  /** Skip the cases that passed at these digests before. */
  readonly resume: boolean;
  /** Milliseconds since the epoch after which no case starts. */
  readonly until: number;
  /** Called after each lab, with the results of all its chosen cases that ran. */
  readonly onLab: (chosen: Chosen, results: readonly CaseResult[]) => Promise<void>;
  /** Runs the cases of one lab; default the real thing. */
  readonly run?: typeof proveLab;
}

interface Worker {
  readonly rt: Runtime;
  /** Where passed cases are remembered, whoever ran them. */
  readonly memory: Runtime;
  readonly live: LiveLine;
  readonly alone: boolean;
}

async function proveOne({ rt, memory, live, alone }: Worker, { lab, cases }: Chosen, options: QueueOptions) {
  const ground = options.groundOf(lab);
  const digests = `${ground.lab}/${ground.engine}`;
  const before = options.resume ? await readResume(memory, lab.id, digests) : [];
  const leaksLeft = !before.some(({ name }) => name === "leaks");
  // Leaks are looked for after a case, and reset is the one before it.
  const passed = before.filter(({ name }) => name !== "reset" || !leaksLeft);
  for (const result of passed) rt.err.write(caseRow(result));
  const left = cases.filter(({ name }) => !passed.some((result) => result.name === name));
  const done = [...passed];
  await (options.run ?? proveLab)(rt, lab, {
    cases: left,
    until: options.until,
    alone,
    note: (text) => live.show(text === "" ? "" : `${lab.id}: ${text}`),
    onEnd: async (result) => {
      live.end();
      rt.err.write(caseRow(result));
      done.push(result);
      // After every case, so that an interrupted proof goes on from here.
      await rememberPassed(
        memory,
        lab.id,
        digests,
        done.filter((one) => one.passed),
      );
    },
  }).finally(() => live.end());
  if (done.length < cases.length) rt.err.write(`${lab.id}: ${cases.length - done.length} cases not run, time is up\n`);
  return done;
}

/** Works through a queue with so many provers; results in the order in which labs end. */
async function proveSideBySide(
  rt: Runtime,
  chosen: readonly Chosen[],
  options: QueueOptions,
): Promise<readonly CaseResult[]> {
  const queue = [...chosen];
  const results: CaseResult[] = [];
  const live = liveLine(rt);
  const home = join(rt.paths.home, "prove");
  const work = async (number: number): Promise<void> => {
    const own = withHome(rt, number === 1 ? home : `${home}-${number}`);
    await mkdir(own.paths.home, { recursive: true, mode: 0o700 });
    await withSessionLock(own, "prove", async () => {
      const worker = { rt: own, memory: withHome(rt, home), live, alone: options.jobs === 1 };
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        const ended = await proveOne(worker, next, options);
        results.push(...ended);
        await options.onLab(next, ended);
      }
    });
  };
  const numbers = Array.from({ length: Math.min(options.jobs, Math.max(chosen.length, 1)) }, (_, index) => index + 1);
  const ends = await Promise.allSettled(
    numbers.map((number) =>
      work(number).catch((error: unknown) => {
        queue.length = 0;
        throw error;
      }),
    ),
  );
  const broken = ends.find((end) => end.status === "rejected");
  if (broken !== undefined) throw broken.reason;
  return results;
}

function needsQuiet({ lab }: Chosen): boolean {
  return lab.experiments.some((experiment) => measures(experiment));
}

/**
 * Proves labs in the order given, several at a time. Those that measure time or CPU come last and one by one: no other prover disturbs them.
 * The first error ends it, after all provers have cleaned up.
 */
export async function proveQueue(
  rt: Runtime,
  chosen: readonly Chosen[],
  options: QueueOptions,
): Promise<readonly CaseResult[]> {
  if (options.jobs === 1) return proveSideBySide(rt, chosen, options);
  const crowd = await proveSideBySide(
    rt,
    chosen.filter((one) => !needsQuiet(one)),
    options,
  );
  return [...crowd, ...(await proveSideBySide(rt, chosen.filter(needsQuiet), { ...options, jobs: 1 }))];
}
