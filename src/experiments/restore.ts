import { environmentError, messageOf } from "../lib/errors.ts";
import type { ActionContext } from "./action.ts";

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
