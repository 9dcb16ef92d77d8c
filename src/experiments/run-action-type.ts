import type { ActionSpec } from "../lab/lab.ts";
import type { ActionContext, ActionOutcome, AnyActionType, Companion } from "./action.ts";

/** Parses an action's parameters and runs it as a step of `do`. */
export async function runActionType(
  type: AnyActionType,
  spec: ActionSpec,
  context: ActionContext,
): Promise<ActionOutcome> {
  if (type.run === undefined) throw new Error(`action ${type.name} cannot stand in "do"`);
  return type.run(type.params.parse(spec.params), context);
}

/** Parses an action's parameters and starts it beside `do`. */
export async function accompanyActionType(
  type: AnyActionType,
  spec: ActionSpec,
  context: ActionContext,
): Promise<Companion> {
  if (type.accompany === undefined) throw new Error(`action ${type.name} cannot stand in "with"`);
  return type.accompany(type.params.parse(spec.params), context);
}
