import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { environmentError, type LabsError } from "../lib/errors.ts";
import { poll, type Look } from "../lib/poll.ts";
import type { Runtime } from "../runtime.ts";
import type { SandboxView } from "../flows/sandbox-env.ts";
import { copyName, planShell, type ShellPlan } from "./plan-shell.ts";

/** Start files that take longer than this wait for somebody, or have started something else. */
const readyWithinMs = 20_000;

/** The shell's process id, once it runs. */
interface Started {
  pid?: number | undefined;
}

/** Name of the program that a process runs now; undefined where the system does not tell. */
async function programOf(pid: number | undefined): Promise<string | undefined> {
  const name = await readFile(`/proc/${pid}/comm`, "utf8").catch(() => undefined);
  return name?.trim();
}

async function read(folder: string, name: string): Promise<string | undefined> {
  return readFile(join(folder, name), "utf8").catch(() => undefined);
}

/** Opens the learner's own shell on a view of the lab. Returns its exit code; throws (exit 3) when its start files kept the last word. */
export async function openShell(rt: Runtime, view: SandboxView): Promise<number> {
  const shell = rt.env["SHELL"] || "/bin/sh";
  const folder = await mkdtemp(join(tmpdir(), "labs-shell-"));
  try {
    const plan = planShell(rt, { shell, view, folder, env: rt.env, terminal: rt.terminal });
    const kubeconfig = await readFile(view.variables["KUBECONFIG"] ?? "", "utf8").catch(() => "");
    const files = Object.entries({ ...plan.files, [copyName]: kubeconfig });
    for (const [name, text] of files) await writeFile(join(folder, name), text, { mode: 0o600 });
    return await run(rt, plan, folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs the plan's shell. Until it says that it is ready, whatever else happens to it ends it. */
async function run(rt: Runtime, plan: ShellPlan, folder: string): Promise<number> {
  const started: Started = {};
  const ending = new AbortController();
  const running = rt.exec(plan.argv, {
    env: plan.env,
    inherit: true,
    allowFailure: true,
    timeoutMs: 0,
    // Ctrl-C inside the shell belongs to what runs in it.
    signal: ending.signal,
    onStart: (pid) => {
      started.pid = pid;
    },
  });
  if (!plan.reports) return (await running).exitCode;
  const over = running.then(async () => {
    started.pid = undefined;
    const last = await look(rt, plan, folder, started);
    return last.done ? last.value : notReady(rt, plan, "ended before its start files did");
  });
  try {
    const problem = await Promise.race([over, watch(rt, plan, folder, started)]);
    if (problem !== undefined) throw problem;
  } catch (error) {
    hangUp(started.pid);
    // What does not leave upon that is killed.
    ending.abort();
    await running.catch(() => undefined);
    throw error;
  }
  await rm(folder, { recursive: true, force: true });
  return (await running).exitCode;
}

/** Shells leave upon this signal, and put the terminal in order before. */
function hangUp(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, "SIGHUP");
  } catch {
    // It is gone.
  }
}

/** Waits until the shell is ready, which is undefined, or cannot become ready any more, and why. */
async function watch(rt: Runtime, plan: ShellPlan, folder: string, started: Started): Promise<LabsError | undefined> {
  const waited = await poll(() => look(rt, plan, folder, started), {
    clock: rt.clock,
    signal: rt.signal,
    withinMs: readyWithinMs,
    everyMs: 100,
  });
  return waited.ok
    ? waited.value
    : notReady(rt, plan, `is not through its start files after ${readyWithinMs / 1000} s`);
}

async function look(
  rt: Runtime,
  plan: ShellPlan,
  folder: string,
  started: Started,
): Promise<Look<LabsError | undefined>> {
  const name = basename(plan.argv[0]);
  const refused = await read(folder, "refused");
  if (refused !== undefined) {
    return { done: true, value: notReady(rt, plan, `cannot change${refused} after its start files`) };
  }
  if ((await read(folder, "ready")) !== undefined) return { done: true, value: undefined };
  const program = await programOf(started.pid);
  // A wrapper's name has the shell's in it.
  if (program !== undefined && !program.includes(name.slice(0, 15))) {
    return { done: true, value: notReady(rt, plan, `was replaced by ${program} in its start files`) };
  }
  return { done: false, seen: "not ready" };
}

function notReady(rt: Runtime, plan: ShellPlan, why: string): LabsError {
  const name = basename(plan.argv[0]);
  return environmentError(`${name} ${why}: labs cannot make sure that it is left with the lab's variables`, {
    cure: `mend the start files of ${name} (LABS_LAB is set while they run), or SHELL=/bin/sh ${rt.program} shell`,
  });
}
