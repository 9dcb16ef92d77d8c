import type { AnyCheckType } from "../checks/check.ts";
import { checkTypes } from "../checks/registry.ts";
import type { AnyActionType } from "../experiments/action.ts";
import { actionTypes } from "../experiments/registry.ts";

/** The check types and actions that a lab file may use. */
export interface Vocabulary {
  readonly checks: readonly AnyCheckType[];
  readonly actions: readonly AnyActionType[];
}

/** All that this program knows. */
export const vocabulary: Vocabulary = { checks: checkTypes, actions: actionTypes };
