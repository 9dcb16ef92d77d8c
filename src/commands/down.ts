import { DockerError } from "../docker/docker-error.ts";
import { ExitCode, usageError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { findSandboxes, namedSandbox, type FoundSandbox } from "../sandbox/homes.ts";
import { removeState } from "../session/own-home.ts";
import type { Session } from "../session/session.ts";
import { forgetSession, readSession } from "../session/store.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { withSessionLock } from "../session/with-lock.ts";
import { engineVersion } from "../setup/engine.ts";
import { purge, purgePlan } from "../setup/purge.ts";
import { runSteps, type Step } from "../ui/steps.ts";

/** Options of `labs down`. */
export interface DownOptions {
  /** Sandboxes of other homes and users too. */
  readonly all?: boolean;
  /** Also images, tools and state, so that nothing of labs is left on this machine but what the person wrote and did. */
  readonly purge?: boolean;
  /** With `purge`: that too. */
  readonly everything?: boolean;
  /** Do not ask. */
  readonly yes?: boolean;
  readonly json?: boolean;
}

function flagsOf(options: DownOptions): string {
  const given = (["all", "purge", "everything"] as const).filter((name) => options[name] === true);
  return given.map((name) => ` --${name}`).join("");
}

/**
 * Asks before what cannot be taken back: sandboxes of others that may be at work, images and tools. True to go on. Without a terminal only
 * --yes goes on; exit 2.
 */
async function agreed(rt: Runtime, options: DownOptions, found: readonly FoundSandbox[]): Promise<boolean> {
  // A parked cluster has no lab in it, and its home makes another one in half a minute.
  const others = found.filter(({ mine, state }) => !mine && state !== "parked").map(namedSandbox);
  const plan = [
    ...(others.length === 0 ? [] : [`sandboxes of other homes: ${others.join(", ")}`]),
    ...(options.purge === true ? await purgePlan(rt, options.everything === true) : []),
  ];
  if (options.yes === true || plan.length === 0) return true;
  const command = `${rt.program} down${flagsOf(options)}`;
  rt.err.write(`${command} removes\n${plan.map((line) => `  ${line}\n`).join("")}`);
  const answer = await rt.ask("Go on? [y/N] ");
  if (answer === undefined) {
    const what = others.length === 0 ? "this" : `sandboxes of other homes (${others.join(", ")})`;
    throw usageError(
      `nobody is here to be asked whether ${what} may be removed`,
      `${command} --yes${others.length === 0 ? "" : `; without --all ${rt.program} down removes yours alone`}`,
    );
  }
  return /^y(es)?$/i.test(answer.trim());
}

/** Removes every sandbox of this home, or of all homes: clusters, networks, containers, volumes. Images, tools and state only with `purge`. */
export async function down(rt: Runtime, options: DownOptions): Promise<ExitCode> {
  if (options.everything === true && options.purge !== true) {
    throw usageError("--everything says what --purge takes", `${rt.program} down --purge --everything`);
  }
  return withSessionLock(rt, "down", async () => {
    const session = await readSession(rt);
    const usable = options.purge === true || (await mayHoldOurs(rt, session));
    const found = usable ? await findSandboxes(rt, options.all === true ? "all" : "home") : [];
    if (!(await agreed(rt, options, found))) {
      rt.err.write("Nothing was removed.\n");
      return ExitCode.done;
    }
    const removed: string[] = [];
    const steps: Step[] = found.map(({ name, provider }) => ({
      title: `Remove ${name}`,
      run: async () => {
        if (await provider.remove(rt, name)) removed.push(name);
      },
    }));
    let kept: readonly string[] = [];
    if (options.purge === true) {
      steps.push({
        title: "Remove images and tools",
        run: async ({ note }) => {
          const purged = await purge(rt, note);
          removed.push(...purged.removed);
          kept = purged.kept;
        },
      });
    }
    await runSteps(rt, steps);
    const aside = await putWorkspaceAside(rt, session?.workspace);
    if (aside !== undefined && options.everything !== true) rt.err.write(`What you wrote is kept in ${aside}.\n`);
    await forgetSession(rt);
    if (options.purge === true) kept = [...kept, ...(await removeState(rt, options.everything === true))];
    tell(rt, options, removed, kept);
    return ExitCode.done;
  });
}

/**
 * Does the engine answer? False, and said, for one on which this program makes nothing, so that a session that never came up can be forgotten;
 * throws for others, and where a lab was handed over on another engine.
 */
async function mayHoldOurs(rt: Runtime, session: Session | undefined): Promise<boolean> {
  try {
    await engineVersion(rt);
    return true;
  } catch (error) {
    if (!(error instanceof DockerError && error.unsupported) || session?.faultAt !== undefined) throw error;
    rt.err.write(`No sandbox of ours can be there: ${error.message}.\n`);
    return false;
  }
}

function tell(rt: Runtime, options: DownOptions, removed: readonly string[], kept: readonly string[]): void {
  if (options.json === true) {
    rt.out.write(`${JSON.stringify(options.purge === true ? { removed, kept } : { removed }, null, 2)}\n`);
    return;
  }
  rt.out.write(removed.length === 0 ? "Nothing of ours is there.\n" : `Removed ${removed.join(", ")}.\n`);
  for (const one of kept) rt.out.write(`kept     ${one}\n`);
}
