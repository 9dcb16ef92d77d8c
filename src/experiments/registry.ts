import type { AnyActionType } from "./action.ts";

/** Every action, by name. Schema, dispatch, completion and docs derive from this list. */
export const actionTypes: readonly AnyActionType[] = [];
