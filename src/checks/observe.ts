import type { Observation } from "./check.ts";

/** A pass or a fail with its texts; `lookAt` and `data` only where they are known. */
export function verdict(
  passed: boolean,
  expected: string,
  observed: string,
  more: { readonly lookAt?: string | undefined; readonly data?: unknown } = {},
): Observation {
  return {
    outcome: passed ? "pass" : "fail",
    expected,
    observed,
    ...(more.lookAt === undefined ? {} : { lookAt: more.lookAt }),
    ...(more.data === undefined ? {} : { data: more.data }),
  };
}

/** No verdict: the machine was busy with other work, so what was asked could not show either way. */
export function tooBusy(expected: string, text: string, data: unknown): Observation {
  const observed = `${text}: this machine is too busy to tell; let it calm down and verify again`;
  return { outcome: "error", expected, observed, data };
}

/** How many things a message names before it counts the rest. */
const SHOWN = 3;

/** "a; b; c; and 4 more". */
export function joined(parts: readonly string[]): string {
  const rest = parts.length - SHOWN;
  return rest > 0 ? [...parts.slice(0, SHOWN), `and ${rest} more`].join("; ") : parts.join("; ");
}
