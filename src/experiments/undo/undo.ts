import { z } from "zod";
import { environmentError, messageOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import type { Sandbox } from "../../sandbox/sandbox.ts";
import type { OpenEntry, Session } from "../../session/session.ts";
import { withoutEntry, type JournalPorts } from "../journal.ts";
import { configBack } from "./config.ts";
import { startContainer, removeContainer, removeImage, unpauseContainer } from "./docker.ts";
import { removeNode, removeObject, scaleBack, uncordon } from "./kube.ts";

/** Undoes one sort of change. Idempotent: what is already as it was is left alone. */
export interface UndoType<Params = never> {
  readonly name: string;
  readonly params: z.ZodType<Params>;
  run(params: Params, sandbox: Sandbox): Promise<void>;
}

/** Every undo, by name; journal entries outlive a version of the program, so names stay. */
export const undoTypes: readonly UndoType<unknown>[] = [
  configBack,
  removeObject,
  removeContainer,
  removeImage,
  removeNode,
  scaleBack,
  startContainer,
  unpauseContainer,
  uncordon,
];

/** Undoes one journal entry. */
export async function undoEntry(entry: OpenEntry, sandbox: Sandbox): Promise<void> {
  const type = undoTypes.find((known) => known.name === entry.undo);
  if (type === undefined) throw environmentError(`do not know how to undo "${entry.undo}"`);
  const params = type.params.safeParse(entry.params);
  if (!params.success) throw environmentError(`cannot undo "${entry.undo}": ${z.prettifyError(params.error)}`);
  await type.run(params.data, sandbox);
}

/** What undoing needs. */
export interface UndoContext {
  readonly rt: Pick<Runtime, "program">;
  readonly sandbox: Sandbox;
  readonly update: JournalPorts["update"];
}

/**
 * Undoes what a crashed run left open, newest first, and takes it off the session. Returns a sentence for each. What cannot be undone stays
 * in the session; then this throws, after trying all.
 */
export async function undoOpen(session: Session, context: UndoContext): Promise<string[]> {
  const sentences: string[] = [];
  const failures: string[] = [];
  for (const entry of session.open.toReversed()) {
    try {
      await undoEntry(entry, context.sandbox);
      await context.update((current) => withoutEntry(current, entry.id));
      sentences.push(entry.sentence);
    } catch (error) {
      failures.push(`${entry.undo}: ${messageOf(error)}`);
    }
  }
  if (failures.length === 0) return sentences;
  throw environmentError(`an earlier experiment could not be undone: ${failures.join("; ")}`, {
    cure: `${context.rt.program} reset`,
  });
}
