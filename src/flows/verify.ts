import type { LookContext } from "../checks/look.ts";
import { createJournal } from "../experiments/journal.ts";
import { runExperiment } from "../experiments/run.ts";
import { undoEntry, undoOpen } from "../experiments/undo/undo.ts";
import type { Lab } from "../lab/lab.ts";
import { type Runtime, withSignal } from "../runtime.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";
import { fillLab } from "../scenario/fill-lab.ts";
import type { Session } from "../session/session.ts";
import { readSession, updateSession } from "../session/store.ts";
import type { VerifyEvent, VerifyResult } from "../verify/verify-context.ts";
import { verify } from "../verify/verify.ts";

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

/** Finds out by experiment whether the running lab is repaired. */
export async function verifyLab(
  rt: Runtime,
  lab: Lab,
  running: { readonly session: Session; readonly sandbox: Sandbox },
  onProgress: (event: VerifyEvent) => void,
): Promise<VerifyResult> {
  const { sandbox } = running;
  const undone = await undoLeftOver(rt, running.session, sandbox);
  const session = (await readSession(rt)) ?? running.session;
  const journal = createJournal({
    update: (change) => updateSession(rt, change),
    undo: (entry) => undoEntry(entry, sandbox),
  });
  return verify({ ...lookContext(rt, lab, session, sandbox), journal, undone, runExperiment, onProgress });
}
