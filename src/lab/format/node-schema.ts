import { z } from "zod";

/** Labels of a node as a lab file writes them. */
export const nodeLabels = z
  .record(z.string().min(1), z.string())
  .refine((labels) => Object.keys(labels).length > 0, "give at least one label")
  .describe("Labels, as { env: prod }");

// Without NoExecute: it would take the network's own pods from the node.
const taint = z.strictObject({
  key: z.string().min(1),
  value: z.exactOptional(z.string()),
  effect: z.enum(["NoSchedule", "PreferNoSchedule"]),
});

/** What makes a worker node different from the others. */
export const labNode = z
  .strictObject({
    worker: z.int().min(1).describe("1 is the first worker; names differ between sandboxes"),
    labels: z.exactOptional(nodeLabels),
    taints: z.exactOptional(
      z
        .array(taint)
        .min(1)
        .refine((taints) => new Set(taints.map(({ key }) => key)).size === taints.length, "a key is there twice"),
    ),
  })
  .refine(({ labels, taints }) => labels !== undefined || taints !== undefined, "give labels, taints or both");
