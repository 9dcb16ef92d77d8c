import { isDeepStrictEqual } from "node:util";
import { compareQuantities } from "../../lab/quantity.ts";

/** How a value is compared; `exists` and `absent` take no value. */
export const operators = [
  "eq",
  "ne",
  "gt",
  "gte",
  "lt",
  "lte",
  "in",
  "exists",
  "absent",
  "contains",
  "matches",
] as const;

/** One of `operators`. */
export type Operator = (typeof operators)[number];

const signs: Readonly<Record<Operator, string>> = {
  eq: "=",
  ne: "≠",
  gt: ">",
  gte: "≥",
  lt: "<",
  lte: "≤",
  in: "in",
  exists: "is set",
  absent: "is not set",
  contains: "contains",
  matches: "matches",
};

function equal(actual: unknown, expected: unknown): boolean {
  if (isDeepStrictEqual(actual, expected)) return true;
  return compareQuantities(actual, expected) === 0;
}

function contains(actual: unknown, expected: unknown): boolean {
  if (Array.isArray(actual)) return actual.some((item) => equal(item, expected));
  if (typeof actual === "string") return actual.includes(String(expected));
  return typeof actual === "object" && actual !== null && Object.hasOwn(actual, String(expected));
}

type Compare = (actual: unknown, expected: unknown) => boolean;

function ordered(accept: (sign: number) => boolean): Compare {
  return (actual, expected) => {
    const sign = compareQuantities(actual, expected);
    return sign !== undefined && accept(sign);
  };
}

const comparisons: Readonly<Record<Exclude<Operator, "absent">, Compare>> = {
  exists: () => true,
  eq: equal,
  ne: (actual, expected) => !equal(actual, expected),
  gt: ordered((sign) => sign > 0),
  gte: ordered((sign) => sign >= 0),
  lt: ordered((sign) => sign < 0),
  lte: ordered((sign) => sign <= 0),
  in: (actual, expected) => Array.isArray(expected) && expected.some((item) => equal(actual, item)),
  contains,
  matches: (actual, expected) =>
    new RegExp(String(expected), "m").test(typeof actual === "string" ? actual : JSON.stringify(actual)),
};

/** True when the value satisfies the operator. Quantities compare as quantities; an absent value satisfies `absent` only. */
export function satisfies(actual: unknown, op: Operator, expected: unknown): boolean {
  const absent = actual === undefined || actual === null;
  if (op === "absent") return absent;
  return !absent && comparisons[op](actual, expected);
}

/** A value in a message, as JSON cut after 100 characters; absence as "absent". */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "absent";
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

/** `≥ 3`, `is set`: the comparison in a message. */
export function comparisonText(op: Operator, expected: unknown): string {
  return op === "exists" || op === "absent" ? signs[op] : `${signs[op]} ${shown(expected)}`;
}
