import type { LookContext } from "../checks/look.ts";
import { createJournal } from "../experiments/journal.ts";
import { runExperiment } from "../experiments/run.ts";
import { undoEntry, undoOpen } from "../experiments/undo/undo.ts";
import type { Lab } from "../lab/lab.ts";
import { environmentError } from "../lib/errors.ts";
import { type Runtime, withSignal } from "../runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { fillLab } from "../scenario/fill-lab.ts";
import { openEventLog } from "../session/event-log.ts";
import type { EventBody } from "../session/events.ts";
import type { Session } from "../session/session.ts";
import { readSession, updateSession } from "../session/store.ts";
import type { Progress } from "../ui/progress.ts";
import type { VerifyContext, VerifyResult } from "../verify/verify-context.ts";
import { verify } from "../verify/verify.ts";
import { closeSandbox, type RunningSession, requireSession } from "./find-session.ts";
import { loadLab } from "./load.ts";

/** What checks of a session's lab read. */
export function lookContext(rt: Runtime, lab: Lab, session: Session, sandbox: Sandbox): LookContext {
  const filled = fillLab(lab, session.variant, session.values).lab;
  return { rt, lab: filled, session, sandbox, namespace: lab.namespaces[0] ?? "" };
}

/**
 * Undoes what an interrupted run left open in the session; every command that meets a session does this first. Returns a sentence for each.
 * Not cut short by Ctrl-C, because half undone is worse than late.
 */
export async function undoLeftOver(rt: Runtime, session: Session, sandbox: Sandbox): Promise<string[]> {
  if (session.open.length === 0) return [];
  const calm = withSignal(rt, new AbortController().signal);
  return undoOpen(session, { rt: calm, sandbox, update: (change) => updateSession(calm, change) });
}

/** A verify and the session it was about. */
export interface Verified {
  readonly result: VerifyResult;
  readonly session: Session;
  /** What kept the verdict from being written into the session's journal; to be thrown once the verdict was told. */
  readonly unrecorded?: unknown;
}

/** Every event of a verify, but for a look that saw what the one before it saw. */
function eachOnce(pass: (event: EventBody) => void): (event: EventBody) => void {
  const seen = new Map<string, string>();
  return (event) => {
    if (event.type === "check-looked") {
      if (seen.get(event.id) === event.text) return;
      seen.set(event.id, event.text);
    }
    pass(event);
  };
}

/**
 * Finds out by experiment whether the running lab is repaired. All that it sees goes into the session's journal as it happens, the verdict last.
 * `given`: the session with its sandbox open, and its lab read; else both are found. Exit 4 without a lab, 3 where it was never handed over. The
 * caller holds the session lock.
 */
export async function verifyLab(
  rt: Runtime,
  progress: Progress,
  given?: RunningSession & { readonly lab: Lab },
  options: Pick<VerifyContext, "enough"> = {},
): Promise<Verified> {
  const running = given ?? (await requireSession(rt, progress));
  const { session, sandbox } = running;
  try {
    if (session.phase !== "running") {
      throw environmentError(`lab ${session.lab.id} was left while ${session.phase}`, {
        cure: `${rt.program} stop, then ${rt.program} start ${session.lab.id}`,
      });
    }
    const lab = given?.lab ?? (await loadLab(rt, session.lab.dir));
    if (lab.digest !== session.lab.digest) {
      progress.tell(
        `The files of lab ${lab.id} were edited since it was started; ${rt.program} reset starts from them.`,
      );
    }
    return { session, ...(await judge(rt, lab, session, sandbox, progress, options)) };
  } finally {
    await closeSandbox(sandbox);
  }
}

async function judge(
  rt: Runtime,
  lab: Lab,
  known: Session,
  sandbox: Sandbox,
  progress: Progress,
  options: Pick<VerifyContext, "enough">,
): Promise<Omit<Verified, "session">> {
  const undone = await undoLeftOver(rt, known, sandbox);
  for (const sentence of undone) progress.tell(`undone   ${sentence}`);
  const session = (await readSession(rt)) ?? known;
  const journal = createJournal({
    update: (change) => updateSession(rt, change),
    undo: (entry) => undoEntry(entry, sandbox),
  });
  const log = openEventLog(rt, session);
  const onProgress = eachOnce((event) => {
    log.write(event);
    progress.event(event);
  });
  const lostBefore = rt.clock.lost();
  if (undone.length > 0) onProgress({ type: "undone", sentences: undone });
  const context = { ...lookContext(rt, lab, session, sandbox), journal, undone, runExperiment, onProgress, ...options };
  let result: VerifyResult;
  try {
    result = await verify(context);
  } finally {
    // An interrupted one too is told as far as it came. What could not be written is told at the end.
    await log.flush().catch(() => undefined);
  }
  const lost = Math.round((rt.clock.lost() - lostBefore) / 1000);
  if (lost > 0) progress.tell(`This program stood still for ${lost} s; what it measured then was measured again.`);
  const { solved, exitCode, results, durationMs } = result;
  const outcomes = results.map(({ id, outcome }) => ({ id, outcome }));
  onProgress({ type: "verified", solved, exitCode, outcomes, durationMs });
  try {
    await log.flush();
  } catch (unrecorded) {
    return { result, unrecorded };
  }
  return { result };
}
