import { environmentError, messageOf, noLabError } from "../lib/errors.ts";
import type { Runtime } from "../runtime.ts";
import { allProviders, providerOf } from "../sandbox/providers.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { openScenario } from "../scenario/open-scenario.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Session } from "../session/session.ts";
import { readEvents } from "../session/event-log.ts";
import { readSession, readState, saveSession } from "../session/store.ts";
import { whoIsAtWork, withSessionLock } from "../session/with-lock.ts";
import { type Progress, silentProgress } from "../ui/progress.ts";

/** A session with the sandbox it runs in. */
export interface RunningSession {
  readonly session: Session;
  readonly sandbox: Sandbox;
  readonly scenario: Scenario;
}

/** Asks every sandbox of this home for its session; the state file only remembers. */
async function recallSession(rt: Runtime): Promise<Session | undefined> {
  for (const provider of await allProviders()) {
    for (const name of await provider.list(rt, "home")) {
      const sandbox = await provider.open(rt, name).catch(() => undefined);
      if (sandbox === undefined) continue;
      const session = await (await openScenario(rt, sandbox)).recall();
      await closeSandbox(sandbox);
      if (session !== undefined) return session;
    }
  }
  return undefined;
}

/** The session of this home: from the state file, else from the sandbox itself, which is said once. */
export async function findSession(rt: Runtime, { tell }: Pick<Progress, "tell">): Promise<Session | undefined> {
  const state = await readState(rt);
  if (state.session !== undefined || state.idle === true) return state.session;
  const session = await recallSession(rt);
  if (session === undefined) return undefined;
  await saveSession(rt, session);
  const why = state.damaged ? "could not be read" : "was lost";
  tell(`The state file ${why}; it was rebuilt from ${session.sandbox.name}.`);
  return session;
}

/** True for what a start left that was ended by force: it is not at work any more, nothing was handed over, and nobody asked to keep it. */
async function isLeftOver(rt: Runtime, session: Session): Promise<boolean> {
  if (session.phase !== "starting" || session.kept === true) return false;
  const owner = await whoIsAtWork(rt);
  if (owner !== undefined && owner.pid !== rt.host.pid) return false;
  // A lab that was handed over is being reset: the learner's work is in it.
  return !(await readEvents(rt, session)).some(({ type }) => type === "started");
}

/**
 * The session of this home as {@link findSession} finds it, but for what a start left that was ended by force: that is taken away, which is
 * said. Where it cannot be taken away now, it is the session still.
 */
export async function sessionAtWork(rt: Runtime, progress: Pick<Progress, "tell">): Promise<Session | undefined> {
  const session = await findSession(rt, progress);
  if (session === undefined || !(await isLeftOver(rt, session))) return session;
  progress.tell(`The start of lab ${session.lab.id} was ended by force; taking away what it left …`);
  const work = async (): Promise<Session | undefined> => {
    // While the lock was taken another command may have done it, or started a lab.
    const now = await readSession(rt);
    if (now?.id !== session.id || now.phase !== "starting") return now;
    const { stopLab } = await import("./stop.ts");
    const { sandbox } = await stopLab(rt, now, silentProgress(rt));
    progress.tell(`Taken away; sandbox ${sandbox}.`);
    return undefined;
  };
  try {
    const mine = (await whoIsAtWork(rt))?.pid === rt.host.pid;
    return await (mine ? work() : withSessionLock(rt, "stop", work));
  } catch (error) {
    if (rt.signal.aborted) throw error;
    progress.tell(`It could not be taken away now (${messageOf(error)}); ${rt.program} stop does it later.`);
    return session;
  }
}

/** The session; exit 4 where no lab runs. */
export async function expectSession(rt: Runtime, progress: Pick<Progress, "tell">): Promise<Session> {
  const session = await sessionAtWork(rt, progress);
  if (session === undefined) throw noLabError(undefined, `${rt.program} list, then ${rt.program} start <lab>`);
  return session;
}

/** Ends the connections of a sandbox that are kept, so that they keep no process alive; it can be used again. */
export async function closeSandbox(sandbox: Sandbox | undefined): Promise<void> {
  await sandbox?.kube?.close();
}

/**
 * The session and its open sandbox, which the flow that asked for it closes at its end; exit 4 without a session, exit 3 when its sandbox is
 * gone.
 */
export async function requireSession(rt: Runtime, progress: Pick<Progress, "tell">): Promise<RunningSession> {
  const session = await expectSession(rt, progress);
  const provider = await providerOf(session.sandbox.provider);
  const sandbox = await provider.open(rt, session.sandbox.name);
  if (sandbox === undefined) {
    throw environmentError(`the sandbox ${session.sandbox.name} of lab ${session.lab.id} is gone`, {
      cure: `${rt.program} stop, then ${rt.program} start ${session.lab.id}`,
    });
  }
  return { session, sandbox, scenario: await openScenario(rt, sandbox) };
}
