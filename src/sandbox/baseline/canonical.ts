import { createHash } from "node:crypto";
import { stringify } from "safe-stable-stringify";

/** Compact JSON with the keys of every object in order; "null" for undefined. Stored digests rest on this text. */
function encode(value: unknown): string {
  return stringify(value) ?? "null";
}

/** True when two JSON values are equal, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return encode(a) === encode(b);
}

/** A digest of a JSON value, whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(encode(value)).digest("hex");
}
