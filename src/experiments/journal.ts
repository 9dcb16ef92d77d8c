import { randomBytes } from "node:crypto";
import { environmentError, messageOf } from "../lib/errors.ts";
import type { OpenEntry, Session } from "../session/session.ts";
import type { ActionContext, Journal } from "./action.ts";

/** How the journal reaches the session and the sandbox. */
export interface JournalPorts {
  /** Changes the stored session; `updateSession` of src/session/store.ts. */
  readonly update: (change: (session: Session) => Session) => Promise<unknown>;
  /** Undoes one entry; idempotent. */
  readonly undo: (entry: OpenEntry) => Promise<void>;
}

/** Takes an entry that was undone off a session. */
export function withoutEntry(session: Session, id: string): Session {
  return { ...session, open: session.open.filter((entry) => entry.id !== id) };
}

/**
 * The journal of a session. An entry is saved before its change is made and taken off after it was undone, so a crash in between leaves it
 * for the next command.
 */
export function createJournal({ update, undo }: JournalPorts): Journal {
  return {
    async open(draft) {
      const entry: OpenEntry = { ...draft, id: `${draft.undo}-${randomBytes(4).toString("hex")}` };
      await update((session) => ({ ...session, open: [...session.open, entry] }));
      let closing: Promise<void> | undefined;
      const close = async (): Promise<void> => {
        await undo(entry);
        await update((session) => withoutEntry(session, entry.id));
      };
      return () => {
        // A failed undo may be tried again; one that worked is not repeated.
        closing ??= close().catch((error: unknown) => {
          closing = undefined;
          throw error;
        });
        return closing;
      };
    },
  };
}

/** What has to be put back at the end of an experiment, whatever happens in it. */
export interface Restore {
  /**
   * Adds a step; steps run newest first. A step may have run already, and must not mind. It must not wait by the context's signal, which is
   * aborted after Ctrl-C.
   */
  add(step: () => Promise<unknown>): void;
  /** Runs all steps, also when some of them fail; returns what went wrong. */
  run(): Promise<string[]>;
}

/** An empty list of steps. */
export function createRestore(): Restore {
  const steps: (() => Promise<unknown>)[] = [];
  return {
    add(step) {
      steps.push(step);
    },
    async run() {
      const problems: string[] = [];
      for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
        try {
          await step();
        } catch (error) {
          problems.push(messageOf(error));
        }
      }
      return problems;
    },
  };
}

/** The same context with a journal whose entries are undone by `restore` at the latest. */
export function restoringContext(context: ActionContext, restore: Restore): ActionContext {
  return {
    ...context,
    journal: {
      async open(entry) {
        const undo = await context.journal.open(entry);
        restore.add(undo);
        return undo;
      },
    },
  };
}

/** The error for what could not be put back. */
export function restoreError(problems: readonly string[], program: string): Error {
  return environmentError(`the experiment could not be undone: ${problems.join("; ")}`, { cure: `${program} reset` });
}
