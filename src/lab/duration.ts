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
