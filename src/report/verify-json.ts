import type { VerifyResult } from "../verify/verify-context.ts";

/**
 * A verify as one JSON document, for programs. `version` changes when a field changes its meaning. The variant names the root cause, so it is
 * there once the lab is solved.
 */
export function verifyJson(result: VerifyResult): string {
  const { variant: _variant, ...told } = result;
  const data = result.solved ? { version: 1, ...result } : { version: 1, ...told };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}
