import { z } from "zod";

const UNIT_MS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;

/** "500ms", "30s", "2m", "1h" in milliseconds; undefined when it is no duration. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit] = DURATION.exec(text) ?? [];
  if (amount === undefined || unit === undefined) return undefined;
  return Math.round(Number(amount) * (UNIT_MS[unit] ?? 0));
}

/** A duration in a lab file, as milliseconds. */
export const duration = z
  .string()
  .regex(DURATION, 'write a duration as "500ms", "30s" or "2m"')
  .describe("A duration: 500ms, 30s, 2m")
  .transform((text) => parseDuration(text) ?? 0);

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([KMGTPE]i)|([numkMGTPE]))?$/;

const DECIMAL: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 };
const BINARY: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

/** A Kubernetes quantity ("64Mi", "1500m", "1e3", 2) as a number; undefined when it is none. */
export function parseQuantity(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value !== "string") return undefined;
  const [, digits, exponent, binary, decimal] = QUANTITY.exec(value) ?? [];
  if (digits === undefined) return undefined;
  if (binary !== undefined) return Number(digits) * 2 ** (BINARY[binary] ?? 0);
  // By way of text, so that 100m is the very same double as 0.1.
  return Number(`${digits}e${exponent ?? DECIMAL[decimal ?? ""] ?? 0}`);
}

/** Negative, 0 or positive, as `a` is less than, equal to or more than `b`; undefined when one of them is no quantity. */
export function compareQuantities(a: unknown, b: unknown): number | undefined {
  const left = parseQuantity(a);
  const right = parseQuantity(b);
  if (left === undefined || right === undefined) return undefined;
  return Math.sign(left - right);
}
