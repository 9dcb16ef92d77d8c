import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { defineCheck } from "../check.ts";
import { hasOneTarget, podTarget } from "../read/pod-target.ts";
import { liveRestarts } from "./restarts-live.ts";
import { recordedRestarts } from "./restarts-recorded.ts";

const params = z
  .strictObject({
    ...podTarget,
    of: z
      .enum(["targets", "others", "all"])
      .optional()
      .describe("Of an experiment: the pods acted on, the others, all"),
    atLeast: z.number().int().min(0).optional(),
    atMost: z.number().int().min(0).optional(),
    within: duration.optional().describe("Of an experiment: measured from the start of its actions"),
    match: z.enum(["every", "any"]).default("every").describe("Looking: which pods must comply"),
  })
  .refine((given) => given.atLeast !== undefined || given.atMost !== undefined, "give atLeast, atMost or both")
  .refine((given) => given.of !== undefined || hasOneTarget(given), "give a workload or selector, or of");

/** What `restarts` parses. */
export type RestartsParams = z.infer<typeof params>;

/** Restarts: as counted now (a symptom), or during an experiment. */
export const restarts = defineCheck<RestartsParams>({
  name: "restarts",
  summary: "How often pods or containers restarted: in all, or during an experiment and its targets or the others",
  reads: ["sandbox", "record"],
  providers: ["kind", "docker"],
  racy: false,
  params,
  run: async (given, context) =>
    context.record === undefined ? liveRestarts(given, context) : recordedRestarts(given, context, context.record),
});
