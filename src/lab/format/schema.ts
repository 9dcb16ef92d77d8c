import { z } from "zod";
import { baseImageNames } from "../../images/base-images.ts";
import { container } from "./container-schema.ts";
import { entrySchema, experimentSchema, hintSchema, id } from "./entry-schema.ts";
import { innerPath, variantSchema } from "./fault-schema.ts";
import { labNode } from "./node-schema.ts";
import type { Vocabulary } from "../vocabulary.ts";

const sandbox = z
  .strictObject({
    kind: z.exactOptional(
      z.strictObject({
        workers: z.int().min(0).max(5),
        fresh: z.exactOptional(
          z.boolean().describe("The lab changes what cannot be restored: never reuse its cluster"),
        ),
        addons: z.exactOptional(z.array(z.string()).describe("What its cluster has beside what each has")),
      }),
    ),
    docker: z.exactOptional(z.strictObject({})),
  })
  .refine((value) => Object.keys(value).length === 1, "a sandbox is one of kind, docker");

const namespace = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/, "a namespace is lower case letters, digits and dashes");

/** The form of lab.yaml, with the check types and actions of `words`. */
export function labSchema(words: Vocabulary) {
  const entries = z.array(entrySchema(words));
  return z.strictObject({
    title: z.string().min(1).describe("A few words, without the cause"),
    summary: z.string().min(1).describe("One or two sentences, without the cause"),
    level: z.enum(["warm-up", "medium", "hard", "staff"]).describe("How hard it is"),
    minutes: z.int().min(1).max(240).describe("How long a learner needs"),
    topics: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, "a topic is lower case words with dashes"))
      .min(1)
      .describe("What it is about: lower case words with dashes"),
    sandbox: sandbox.describe("Where it runs: a kind cluster, or a network of Docker containers"),
    namespaces: z.exactOptional(z.array(namespace).describe("The first one is the default of every check")),
    stage: z.exactOptional(z.array(innerPath).describe("What the learner must leave alone")),
    base: z.exactOptional(z.array(innerPath).describe("The healthy system")),
    nodes: z.exactOptional(z.array(labNode).describe("Labels and taints of worker nodes, before base is laid")),
    images: z.exactOptional(
      z
        .array(z.enum(baseImageNames))
        .describe("Base images that its Dockerfiles start from, or its manifests name; setup makes them on first need"),
    ),
    containers: z.exactOptional(z.array(container).describe("The healthy system of a Docker lab")),
    variants: z
      .record(id, variantSchema)
      .refine((value) => Object.keys(value).length > 0, "a lab has at least one variant")
      .describe("Root causes by id; a session gets one of them"),
    values: z.exactOptional(
      z
        .record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, "a value's name is one word"), z.string())
        .describe("Texts that differ between sessions: random.hex16, random.hex32, random.int(1,9) or a text"),
    ),
    symptom: z
      .array(entrySchema(words))
      .min(1, "a lab has a symptom that the learner can see")
      .describe("What the learner sees of the fault; a lab is handed over once it is there"),
    guards: z.exactOptional(entries.describe("What a repair must keep")),
    objectives: z.exactOptional(entries.describe("What must be true again, looked at without an experiment")),
    experiments: z.exactOptional(
      z
        .array(experimentSchema(words))
        .describe("What is done to the repaired system, and what must be true of it then"),
    ),
    hints: z.exactOptional(z.array(hintSchema).describe("The least telling first")),
  });
}

/** lab.yaml, parsed. */
export type LabFile = z.output<ReturnType<typeof labSchema>>;
