import { z } from "zod";

/** Limits of a number in a lab file; at least one is given. */
export const bounds = z
  .strictObject({ atLeast: z.number().optional(), atMost: z.number().optional() })
  .refine((value) => value.atLeast !== undefined || value.atMost !== undefined, "give atLeast, atMost or both")
  .describe("{ atLeast: N }, { atMost: N } or both");

/** What `bounds` parses. */
export type Bounds = z.infer<typeof bounds>;

/** True when the number is inside. */
export function isWithin(value: number, limits: Bounds): boolean {
  return value >= (limits.atLeast ?? -Infinity) && value <= (limits.atMost ?? Infinity);
}

/** "at least 3", "at most 0", "exactly 4", "2 to 4". */
export function boundsText({ atLeast, atMost }: Bounds): string {
  if (atLeast === undefined) return `at most ${atMost ?? ""}`;
  if (atMost === undefined) return `at least ${atLeast}`;
  return atLeast === atMost ? `exactly ${atLeast}` : `${atLeast} to ${atMost}`;
}
