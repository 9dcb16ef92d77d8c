import { z } from "zod";
import { containerChange } from "./container-schema.ts";
import { duration } from "../../lib/units.ts";
import { id } from "./entry-schema.ts";
import { workloadName } from "../workload.ts";

/** A file or folder inside the lab. */
export const innerPath = z.string().min(1).describe("A file or folder of manifests in the lab's folder");

const namespace = z.exactOptional(z.string().min(1));
const target = { kind: z.string().min(1), name: z.string().min(1), namespace };
const settled = z.exactOptional(
  z.literal(true).describe("Roll out what was applied before, first: pods that never served lose nothing"),
);

const step = z
  .strictObject({
    apply: z.exactOptional(innerPath),
    delete: z.exactOptional(z.strictObject(target)),
    patch: z.exactOptional(
      z.strictObject({ ...target, patch: z.record(z.string(), z.unknown()).describe("Merged into the object") }),
    ),
    restart: z.exactOptional(z.union([workloadName, z.strictObject({ workload: workloadName, namespace, settled })])),
    recreate: z.exactOptional(
      containerChange.describe(
        "Makes a container again with these changes, and builds its image again where it has one",
      ),
    ),
    files: z.exactOptional(
      z.string().min(1).describe("A folder of the lab whose files are copied over those of the workspace"),
    ),
    stop: z.exactOptional(
      z
        .strictObject({ name: z.string().min(1), timeout: duration.prefault("10s") })
        .describe("Stops a container, as `docker stop` does"),
    ),
  })
  .refine(
    (value) => Object.keys(value).length === 1,
    "a step of a fault is one of apply, delete, patch, restart, recreate, files, stop",
  );

/** One root cause: what breaks the lab, and exactly the checks that fail then. */
export const variantSchema = z.strictObject({
  fault: z.array(z.union([innerPath, step])).min(1, "a variant breaks something"),
  fails: z.array(id).min(1, "a variant fails at least one check"),
});

/** A fault's step as its file writes it. */
export type FaultStep = z.output<typeof variantSchema>["fault"][number];
