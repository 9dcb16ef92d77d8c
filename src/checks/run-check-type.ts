import type { CheckSpec } from "../lab/lab.ts";
import type { AnyCheckType, CheckContext, Observation } from "./check.ts";

/** Parses a check's parameters with its type and runs it. Throws what either throws. */
export async function runCheckType(type: AnyCheckType, spec: CheckSpec, context: CheckContext): Promise<Observation> {
  const { type: _name, ...params } = spec;
  return type.run(type.params.parse(params), context);
}
