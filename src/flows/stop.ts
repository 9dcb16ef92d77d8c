import { noLabError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import type { Provider, Sandbox } from "../sandbox/sandbox.ts";
import { openScenario } from "../scenario/open-scenario.ts";
import { logEvent } from "../session/event-log.ts";
import type { Session } from "../session/session.ts";
import { endSession, saveSession } from "../session/store.ts";
import { putWorkspaceAside } from "../session/workspace.ts";
import { engineVersion } from "../setup/engine.ts";
import type { Progress } from "../ui/progress.ts";
import { undoInterrupted } from "./at-work.ts";
import { closeSandbox, findSession } from "./find-session.ts";
import { clearLab } from "./lay.ts";
import { recordedSteps } from "./recorded-steps.ts";

/** How a lab came down. `removed`: its sandbox could not be proven clean, or is not worth keeping. */
export interface Stopped {
  readonly cleaned: readonly string[];
  readonly sandbox: "kept warm" | "removed" | "was gone";
  /** Where the learner's files are now, when they had written some. */
  readonly kept?: string;
}

/** Stops the lab of this home; exit 4 without one. The caller holds the session lock. */
export async function stopRunningLab(
  rt: Runtime,
  progress: Progress,
): Promise<Stopped & { readonly session: Session }> {
  const session = await findSession(rt, progress);
  if (session === undefined) throw noLabError(undefined, `${rt.program} list; ${rt.program} down removes what is left`);
  // Before anything is noted down: what cannot be stopped now is still there to be stopped later.
  await engineVersion(rt);
  return { session, ...(await stopLab(rt, session, progress)) };
}

/**
 * Takes a lab away: its objects, then whatever differs from the baseline. A sandbox that cannot be proven clean is removed, because a wrong
 * next lab costs more than a new sandbox. Works for half-started labs and without the lab's files.
 */
export async function stopLab(rt: Runtime, session: Session, progress: Progress): Promise<Stopped> {
  let stopped: Stopped = { cleaned: [], sandbox: "was gone" };
  const remove = {
    title: `Remove lab ${session.lab.id}`,
    run: async ({ note }: { readonly note: (text: string) => void }) => {
      stopped = await takeAway(rt, session, progress, note);
    },
  };
  await progress.steps(recordedSteps(rt, session, "stop", progress, [remove]));
  await logEvent(rt, session, { type: "stopped", ...stopped, cleaned: [...stopped.cleaned] });
  await endSession(rt);
  return stopped;
}

async function takeAway(
  rt: Runtime,
  session: Session,
  progress: Progress,
  note: (text: string) => void,
): Promise<Stopped> {
  const provider = await providerOf(session.sandbox.provider);
  const { name } = session.sandbox;
  await saveSession(rt, { ...session, phase: "stopping" });
  const sandbox = await provider.open(rt, name, "clearing").catch((error: unknown) => {
    // Only what is broken may be removed unseen, not what Ctrl-C kept from opening.
    if (rt.signal.aborted) throw error;
    return undefined;
  });
  if (sandbox !== undefined) await undoInterrupted(rt, session, progress, sandbox);
  const result =
    sandbox === undefined
      ? ({ cleaned: [], sandbox: (await provider.remove(rt, name)) ? "removed" : "was gone" } as const)
      : await clearAndPark(rt, provider, name, sandbox, note);
  const kept = await putWorkspaceAside(rt, session);
  return kept === undefined ? result : { ...result, kept };
}

async function clearAndPark(
  rt: Runtime,
  provider: Provider,
  name: string,
  sandbox: Sandbox,
  note: (text: string) => void,
): Promise<Stopped> {
  const { cleaned, clean } = await clearLab(rt, await openScenario(rt, sandbox), note);
  await closeSandbox(sandbox);
  const warm = clean && (await provider.park(rt, name, note));
  if (!clean) await provider.remove(rt, name);
  return { cleaned, sandbox: warm ? "kept warm" : "removed" };
}
