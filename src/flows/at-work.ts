import { messageOf } from "../lib/errors.ts";
import { poll } from "../lib/poll.ts";
import type { Runtime } from "../runtime.ts";
import { providerOf } from "../sandbox/providers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { logEvent } from "../session/event-log.ts";
import type { Session } from "../session/session.ts";
import { whoIsAtWork, withSessionLock } from "../session/with-lock.ts";
import type { Progress } from "../ui/progress.ts";
import { closeSandbox } from "./find-session.ts";
import { undoLeftOver } from "./verify.ts";

async function undo(rt: Runtime, session: Session, { tell }: Pick<Progress, "tell">, given?: Sandbox): Promise<void> {
  const { provider, name } = session.sandbox;
  const sandbox = given ?? (await (await providerOf(provider)).open(rt, name));
  if (sandbox === undefined) return;
  try {
    const sentences = await undoLeftOver(rt, session, sandbox);
    tell(`An experiment was interrupted, and what it had left open is undone: ${sentences.join("; ")}.`);
    await logEvent(rt, session, { type: "undone", sentences });
  } finally {
    await closeSandbox(sandbox);
  }
}

/**
 * Undoes what an interrupted experiment left open in the session, and says so in one sentence. Every flow that meets a session does this first,
 * but not while another command is at work on it: then it is its business. What cannot be undone now stays for the next command, which is said
 * too. `given`: the session's sandbox where it is open already.
 */
export async function undoInterrupted(
  rt: Runtime,
  session: Session,
  progress: Pick<Progress, "tell">,
  given?: Sandbox,
): Promise<void> {
  if (session.open.length === 0) return;
  const owner = await whoIsAtWork(rt);
  if (owner !== undefined && owner.pid !== rt.host.pid) return;
  const work = () => undo(rt, session, progress, given);
  try {
    await (owner === undefined ? withSessionLock(rt, "undo", work) : work());
  } catch (error) {
    if (rt.signal.aborted) throw error;
    progress.tell(`What an interrupted experiment left open could not be undone now (${messageOf(error)}).`);
  }
}

/**
 * Waits while another command starts, resets or takes away the lab, and says so once; of a verify at work it says so and goes on. For what shows
 * the learner the lab as it is.
 */
export async function awaitOthers(rt: Runtime, { tell }: Pick<Progress, "tell">): Promise<void> {
  let told = false;
  await poll(
    async () => {
      const owner = await whoIsAtWork(rt);
      const brief = owner === undefined || owner.pid === rt.host.pid || /^(hint|solution|undo)$/.test(owner.what);
      if (brief) return { done: true, value: undefined };
      if (owner.what === "verify") {
        tell(`labs verify is at work (process ${owner.pid}): what you see now may be the doing of its experiment.`);
        return { done: true, value: undefined };
      }
      if (!told) tell(`Waiting until labs ${owner.what} (process ${owner.pid}) has ended …`);
      told = true;
      return { done: false, seen: owner.what };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: Infinity },
  );
}
