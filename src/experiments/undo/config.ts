import { z } from "zod";
import { rawData } from "../../system/config.ts";
import { objectRef } from "./kube.ts";
import type { UndoType } from "./undo.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

/** The annotation whose change rolls a workload; without it the template is the learner's own again. */
export const configAnnotation = "dev.labs/config-changed";

/** The patch that rolls a workload by this annotation, or back with null. */
export function rollPatch(value: string | null): unknown {
  return { spec: { template: { metadata: { annotations: { [configAnnotation]: value } } } } };
}

const params = z.strictObject({
  workload: objectRef,
  changes: z.array(z.strictObject({ ...objectRef.shape, keys: z.array(z.string()), from: z.string(), to: z.string() })),
});

/** Puts entries of ConfigMaps and Secrets back and rolls the workload that reads them. What somebody else has changed since is left alone. */
export const configBack: UndoType<z.infer<typeof params>> = {
  name: "config-back",
  params,
  async run({ workload, changes }, sandbox) {
    const { kube } = clusterOf(sandbox);
    for (const { keys, from, to, ...ref } of changes) {
      const object = await kube.get(ref);
      const now = object === undefined ? {} : rawData(object);
      const ours = keys.filter((key) => now[key] === to);
      if (ours.length === 0) continue;
      await kube.patch(ref, { data: Object.fromEntries(ours.map((key) => [key, from])) }, "merge");
    }
    // The learner may have deleted it meanwhile.
    if ((await kube.get(workload)) !== undefined) await kube.patch(workload, rollPatch(null), "merge");
  },
};
