import { createHash } from "node:crypto";

function encode(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(encode).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const fields = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${fields.map(([key, inner]) => `${JSON.stringify(key)}:${encode(inner)}`).join(",")}}`;
}

/** True when two JSON values are equal, whatever the order of their keys. */
export function sameJson(a: unknown, b: unknown): boolean {
  return encode(a) === encode(b);
}

/** A digest of a JSON value, whatever the order of its keys. */
export function digestOf(value: unknown): string {
  return createHash("sha256").update(encode(value)).digest("hex");
}
