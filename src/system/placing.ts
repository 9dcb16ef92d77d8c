import { z } from "zod";

const labels = z.record(z.string(), z.string());

const copy = z.strictObject({
  name: z.string(),
  node: z.string().describe("Empty where it was not placed"),
  labels: labels.describe("Labels of that node"),
  why: z.string().describe("What the scheduler says where it was not placed"),
});

/** Where copies of a workload were placed; what `place` leaves in a record and `placement` reads. */
export const placing = z.looseObject({ name: z.string(), of: z.string(), copies: z.array(copy) });

/** One copy, and where it went. */
export type PlacedCopy = z.infer<typeof copy>;

/** `env=prod,rack=a`, as people and kubectl write it. */
export function labelsText(wanted: Readonly<Record<string, string>>): string {
  return Object.entries(wanted)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}
