import type { ActionSpec } from "../lab/lab.ts";
import type { ActionContext, ActionOutcome, AnyActionType, Companion } from "./action.ts";
import { findAction } from "./find-action.ts";
import { hold } from "./observe.ts";
import type { Restore } from "./restore.ts";
import { accompanyActionType } from "./run-action-type.ts";

/** Companions see what comes after the last action too: a connection that dies late, a pod that leaves. */
const AFTER_MS = 5000;

/** Running companions. */
export interface Companions {
  /** Lets them run on for 5 s, where there are any, and ends them. */
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
      if (running.length > 0) await hold(context.rt, AFTER_MS);
      return Promise.all(running.map((one) => one.end()));
    },
  };
}
