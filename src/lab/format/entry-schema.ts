import { z } from "zod";
import { actionSchema } from "./action-schema.ts";
import { checkSchema } from "./check-schema.ts";
import { duration } from "../../lib/units.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { workloadName } from "../workload.ts";

/** Identity of a check, variant or experiment. */
export const id = z
  .string()
  .regex(/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/, "an id is lower case words with dashes")
  .describe("Lower case words with dashes");

const needs = z.exactOptional(z.array(id).describe("Ids of checks that must have passed first"));

/** A check with an identity: symptom, guard or objective. */
export function entrySchema(words: Vocabulary) {
  return z.strictObject({
    id,
    title: z.exactOptional(z.string().min(1).describe("Default: the id in words")),
    within: z.exactOptional(duration.describe("Must become true within this time; default: it is looked at once")),
    for: z.exactOptional(duration.describe("Must then stay true for this time")),
    needs,
    check: checkSchema(words),
  });
}

/** A run of actions whose record its objectives read. */
export function experimentSchema(words: Vocabulary) {
  return z.strictObject({
    id,
    do: z.array(actionSchema("do", words)).min(1, "an experiment does something"),
    repeat: z.exactOptional(z.int().min(1).max(20).describe("How often `do` runs; default 1")),
    with: z.exactOptional(z.array(actionSchema("with", words)).describe("Steady before `do`, ends 5 s after")),
    control: z.exactOptional(
      actionSchema("do", words).describe("The same load against a clone with one thing removed"),
    ),
    settle: z.exactOptional(z.array(workloadName).describe("Workloads that must be settled first")),
    needs,
    objectives: z.array(entrySchema(words)).min(1, "an experiment has objectives"),
  });
}

/** A hint; the least telling come first. */
export const hintSchema = z.strictObject({
  level: z.enum(["nudge", "where", "what", "command"]),
  text: z.string().min(1),
  command: z.exactOptional(z.string().min(1).describe("One read-only kubectl or docker command")),
  when: z.exactOptional(id.describe("Shown first while this check fails")),
});
