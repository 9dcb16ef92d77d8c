import type { CheckContext, Observation } from "../../src/checks/check.ts";
import { checkTypes } from "../../src/checks/registry.ts";
import { runCheckType } from "../../src/checks/look.ts";
import type { CheckSpec } from "../../src/lab/lab.ts";

/** Runs a check of the registry as a lab file writes it; throws what it throws. */
export async function runCheck(spec: CheckSpec, context: CheckContext): Promise<Observation> {
  const type = checkTypes.find((one) => one.name === spec.type);
  if (type === undefined) throw new Error(`no check type ${spec.type}`);
  return runCheckType(type, spec, context);
}
