import { z } from "zod";
import { duration } from "../lab/duration.ts";
import { target } from "./target.ts";

/** No load may last longer. */
export const maxLoadMs = 5 * 60_000;

/** Requests per second that one load may send in all. */
export const maxRate = 200;

/** What `traffic` and `load` have in common, as lab files write it. */
export const loadFields = {
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "lower case letters, digits and dashes")
    .default("load")
    .describe("Under this name checks find the result"),
  to: target,
  port: z.int().min(1).max(65_535).optional().describe("Default 80 for a Service, else 8080"),
  path: z.string().startsWith("/").default("/"),
  method: z.enum(["GET", "POST"]).default("GET"),
  body: z.string().optional(),
  rate: z.number().positive().max(maxRate).optional().describe("Requests a second, to each pod of a workload"),
  concurrency: z.int().min(1).max(64).optional().describe("So many requests in flight all the time, to each pod"),
  connections: z.enum(["new", "kept"]).default("kept"),
  timeout: duration.prefault("5s"),
  proof: z.boolean().default(false).describe("Only answers that the lab's own service can give count as ok"),
  idempotent: z.boolean().optional().describe("Every body carries an id of its own; default for a POST without body"),
};

/** A load goes at a rate or keeps so many requests in flight. */
export function oneOfRateAndConcurrency(params: {
  readonly rate?: number | undefined;
  readonly concurrency?: number | undefined;
}): boolean {
  return (params.rate === undefined) !== (params.concurrency === undefined);
}

const params = z.strictObject(loadFields);

/** Parameters of one load. */
export type LoadParams = z.infer<typeof params>;
