import { DockerError } from "../docker/docker-error.ts";
import type { Runtime } from "../runtime.ts";
import { findSandboxes, type FoundSandbox } from "../sandbox/homes.ts";
import { removeState } from "../session/own-home.ts";
import type { Session } from "../session/session.ts";
import { forgetSession, readSession } from "../session/store.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { engineVersion } from "../setup/engine.ts";
import { purge, purgePlan } from "../setup/purge.ts";
import type { Progress } from "../ui/progress.ts";
import type { Step } from "../ui/steps.ts";

/** What is to be removed. */
export interface DownOptions {
  /** Sandboxes of other homes and users too. */
  readonly all?: boolean;
  /** Also images, tools and state, so that nothing of labs is left on this machine but what the person wrote and did. */
  readonly purge?: boolean;
  /** With `purge`: that too. */
  readonly everything?: boolean;
}

/** What would be removed. */
export interface DownPlan {
  readonly session: Session | undefined;
  readonly sandboxes: readonly FoundSandbox[];
  /** Sandboxes of other homes that may be at work. */
  readonly others: readonly FoundSandbox[];
  /** What a purge takes, a line each. */
  readonly purged: readonly string[];
}

/** What was removed, and what stays, with the reason. */
export interface DownDone {
  readonly removed: readonly string[];
  readonly kept: readonly string[];
}

/** Finds what is to be removed; changes nothing. Exit 3 where the engine that holds it cannot be asked. */
export async function planDown(rt: Runtime, options: DownOptions, progress: Progress): Promise<DownPlan> {
  const session = await readSession(rt);
  const usable = options.purge === true || (await mayHoldOurs(rt, session, progress));
  const sandboxes = usable ? await findSandboxes(rt, options.all === true ? "all" : "home") : [];
  return {
    session,
    sandboxes,
    // A parked cluster has no lab in it, and its home makes another one in half a minute.
    others: sandboxes.filter(({ mine, state }) => !mine && state !== "parked"),
    purged: options.purge === true ? await purgePlan(rt, options.everything === true) : [],
  };
}

/** Removes what was planned: clusters, networks, containers, volumes; images, tools and state only with `purge`. The caller holds the session lock. */
export async function removeAll(
  rt: Runtime,
  { session, sandboxes }: DownPlan,
  options: DownOptions,
  progress: Progress,
): Promise<DownDone> {
  const removed: string[] = [];
  let kept: readonly string[] = [];
  const steps: Step[] = sandboxes.map(({ name, provider }) => ({
    title: `Remove ${name}`,
    run: async () => {
      if (await provider.remove(rt, name)) removed.push(name);
    },
  }));
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
  await progress.steps(steps);
  const aside = await putWorkspaceAside(rt, session);
  if (aside !== undefined && options.everything !== true) progress.tell(`What you wrote is kept in ${aside}.`);
  await forgetSession(rt);
  if (options.purge === true) kept = [...kept, ...(await removeState(rt, options.everything === true))];
  return { removed, kept };
}

/**
 * Does the engine answer? False, and said, for one on which this program makes nothing, so that a session that never came up can be forgotten;
 * throws for others, and where a lab was handed over on another engine.
 */
async function mayHoldOurs(rt: Runtime, session: Session | undefined, { tell }: Progress): Promise<boolean> {
  try {
    await engineVersion(rt);
    return true;
  } catch (error) {
    if (!(error instanceof DockerError && error.unsupported) || session?.faultAt !== undefined) throw error;
    tell(`No sandbox of ours can be there: ${error.message}.`);
    return false;
  }
}
