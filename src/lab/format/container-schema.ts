import { z } from "zod";
import { parseQuantity } from "../../lib/units.ts";

/** Memory of a container, as bytes. Docker's own `256m` is not taken: to Kubernetes it means a quarter of a byte. */
export const memory = z
  .string()
  .regex(/^[1-9][0-9]*(?:Ki|Mi|Gi)$/, 'write memory as "256Mi" or "1Gi"')
  .describe("Memory: 256Mi, 1Gi")
  .transform((text) => parseQuantity(text) ?? 0);

const env = z.record(z.string().min(1), z.string());

/** What a fault may change on a container. */
export const containerChange = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/, "a container's name is lower case letters, digits and dashes"),
  image: z.exactOptional(z.string().min(1)),
  env: z.exactOptional(env.describe("Added to the environment")),
  args: z.exactOptional(z.array(z.string())),
  entrypoint: z.exactOptional(z.array(z.string())),
  cpus: z.exactOptional(z.number().positive()),
  memory: z.exactOptional(memory),
  restart: z.exactOptional(z.enum(["no", "always", "on-failure", "unless-stopped"])),
});

/** A container of a Docker lab. It has no way out of the sandbox: no privileges, mounts or devices. */
export const container = containerChange
  .extend({
    part: z.exactOptional(z.enum(["stage", "base"]).describe("Default base: it belongs to the learner")),
    build: z.exactOptional(
      z
        .string()
        .regex(/^workspace(?:\/[a-z0-9][a-z0-9-]*)*$/, "a container is built from workspace, or from a folder in it")
        .describe("In place of image: the folder of the workspace that its image is built from"),
    ),
    env: z.exactOptional(env),
  })
  .refine((value) => (value.image === undefined) !== (value.build === undefined), "give image or build");
