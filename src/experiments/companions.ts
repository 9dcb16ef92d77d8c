import type { ActionSpec } from "../lab/lab.ts";
import {
  type ActionContext,
  type ActionOutcome,
  type AnyActionType,
  type Companion,
  accompanyActionType,
} from "./action.ts";
import { findAction } from "./registry.ts";
import { hold } from "../lib/poll.ts";
import type { Restore } from "./journal.ts";

/** Running companions. */
export interface Companions {
  /** Lets them run on for as long as they want to, and ends them. */
  end(): Promise<ActionOutcome[]>;
}

function once(companion: Companion): () => Promise<ActionOutcome> {
  let ended: Promise<ActionOutcome> | undefined;
  return () => (ended ??= companion.end());
}

/** Starts the `with` actions of an experiment and waits until all of them run evenly. */
export async function startCompanions(
  specs: readonly ActionSpec[],
  context: ActionContext,
  restore: Restore,
  types: readonly AnyActionType[],
): Promise<Companions> {
  const running: { readonly companion: Companion; readonly end: () => Promise<ActionOutcome> }[] = [];
  for (const spec of specs) {
    const companion = await accompanyActionType(findAction(spec.name, types), spec, context);
    const end = once(companion);
    restore.add(end);
    running.push({ companion, end });
  }
  await Promise.all(running.map(({ companion }) => companion.steady()));
  return {
    async end() {
      const afterMs = Math.max(0, ...running.map(({ companion }) => companion.afterMs ?? 0));
      if (afterMs > 0) await hold(context.rt, afterMs);
      return Promise.all(running.map((one) => one.end()));
    },
  };
}
