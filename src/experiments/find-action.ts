import type { AnyActionType } from "./action.ts";
import { actionTypes } from "./registry.ts";

/** The action type of a name. A loaded lab names only known ones. */
export function findAction(name: string, types: readonly AnyActionType[] = actionTypes): AnyActionType {
  const type = types.find((known) => known.name === name);
  if (type === undefined) throw new Error(`there is no action ${name}`);
  return type;
}
