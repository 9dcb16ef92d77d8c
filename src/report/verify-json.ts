import type { VerifyResult } from "../verify/verify-context.ts";

/** A verify as one JSON document, for programs. `version` changes when a field changes its meaning. */
export function verifyJson(result: VerifyResult): string {
  return `${JSON.stringify({ version: 1, ...result }, undefined, 2)}\n`;
}
