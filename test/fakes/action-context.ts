import type { ActionContext } from "../../src/experiments/action.ts";
import type { OpenEntry } from "../../src/session/session.ts";
import { fakeLab } from "./lab.ts";
import { fakeRuntime } from "./runtime.ts";
import { fakeKindSandbox } from "./sandbox.ts";
import { fakeSession } from "./session.ts";

/** What a fake action context noted down. */
export interface Noted {
  readonly opened: Omit<OpenEntry, "id">[];
  readonly undone: string[];
  readonly progress: string[];
}

/** The context of an action; journal entries and progress are noted, nothing is undone for real. */
export function fakeActionContext(parts: Partial<ActionContext> = {}): ActionContext & { readonly noted: Noted } {
  const noted: Noted = { opened: [], undone: [], progress: [] };
  return {
    noted,
    rt: fakeRuntime(),
    lab: fakeLab(),
    session: fakeSession(),
    sandbox: fakeKindSandbox(),
    namespace: "shop",
    evaluate: async (spec) => {
      throw new Error(`unexpected nested check ${spec.type}`);
    },
    journal: {
      open: async (entry) => {
        noted.opened.push(entry);
        return async () => {
          noted.undone.push(entry.undo);
        };
      },
    },
    progress: (text) => noted.progress.push(text),
    ...parts,
  };
}
