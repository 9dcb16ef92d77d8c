import type { AnyCheckType } from "./check.ts";

/** Every check type, by name. Schema, dispatch, completion and docs derive from this list. */
export const checkTypes: readonly AnyCheckType[] = [];
