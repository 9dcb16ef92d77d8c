import { randomBytes } from "node:crypto";
import type { OpenEntry, Session } from "../session/session.ts";
import type { Journal } from "./action.ts";

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
