import { messageOf } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import { openScenario } from "../scenario/open-scenario.ts";
import type { Cleared, Scenario } from "../scenario/scenario.ts";
import type { Session } from "../session/session.ts";
import { logEvent } from "../session/event-log.ts";
import { endSession, saveSession } from "../session/store.ts";
import { putWorkspaceAside } from "../session/workspace.ts";

/** How a lab came down. `removed`: its sandbox could not be proven clean, or is not worth keeping. */
export interface Stopped {
  readonly cleaned: readonly string[];
  readonly sandbox: "kept warm" | "removed" | "was gone";
  /** Where the learner's files are now, when they had written some. */
  readonly kept?: string;
}

/**
 * Takes a lab away: its objects, then whatever differs from the baseline. A sandbox that cannot be proven clean is removed, because a wrong
 * next lab costs more than a new sandbox. Works for half-started labs and without the lab's files.
 */
export async function stopLab(rt: Runtime, session: Session, note: (text: string) => void): Promise<Stopped> {
  const provider = await providerOf(session.sandbox.provider);
  const { name } = session.sandbox;
  await saveSession(rt, { ...session, phase: "stopping" });
  const sandbox = await provider.open(rt, name, "clearing").catch((error: unknown) => {
    // Only what is broken may be removed unseen, not what Ctrl-C kept from opening.
    if (rt.signal.aborted) throw error;
    return undefined;
  });
  let result: Stopped;
  if (sandbox === undefined) {
    const removed = await provider.remove(rt, name);
    result = { cleaned: [], sandbox: removed ? "removed" : "was gone" };
  } else {
    const scenario = await openScenario(rt, sandbox);
    const cleared = await clearLab(rt, scenario, note);
    const warm = cleared.clean && (await provider.park(rt, name));
    if (!cleared.clean) await provider.remove(rt, name);
    result = { cleaned: cleared.cleaned, sandbox: warm ? "kept warm" : "removed" };
  }
  const kept = await putWorkspaceAside(rt, session.workspace);
  if (kept !== undefined) result = { ...result, kept };
  await logEvent(rt, session, { type: "stopped", ...result, cleaned: [...result.cleaned] });
  await endSession(rt);
  return result;
}

/** Takes a lab out of its sandbox. What keeps it from being cleared makes it unclean, but for Ctrl-C: then it is as it was left. */
export async function clearLab(
  rt: Pick<Runtime, "signal">,
  scenario: Pick<Scenario, "clear">,
  note: (text: string) => void,
): Promise<Cleared> {
  return scenario.clear(note).catch((error: unknown) => {
    if (rt.signal.aborted) throw error;
    note(`could not clear it: ${messageOf(error)}`);
    return { cleaned: [], clean: false };
  });
}
