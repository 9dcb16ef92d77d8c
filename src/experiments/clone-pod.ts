import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";
import type { Drop } from "./drop.ts";

/** The only label of a clone, unless its maker adds others: no Service and no workload of the learner selects it. */
export const cloneLabel = "dev.labs/clone";

const templateShape = z.looseObject({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).optional() }).prefault({}),
  spec: z.looseObject({
    containers: z.array(
      z.looseObject({
        env: z.array(z.looseObject({ name: z.string() })).optional(),
        resources: z.looseObject({ limits: z.record(z.string(), z.unknown()).optional() }).optional(),
      }),
    ),
  }),
});

type Container = z.infer<typeof templateShape>["spec"]["containers"][number];

function without({ cpuLimit, env }: Drop, container: Container): Container {
  const { cpu, ...limits } = container.resources?.limits ?? {};
  return {
    ...container,
    ...(container.env === undefined ? {} : { env: container.env.filter((entry) => !env.includes(entry.name)) }),
    ...(cpuLimit && cpu !== undefined ? { resources: { ...container.resources, limits } } : {}),
  };
}

/** Longer than any experiment. A pod that ends by itself is also none that a quota for those that stay counts. */
const DEADLINE_SECONDS = 15 * 60;

/** A single pod made from the template of a workload, with some of it left out. */
export function clonePod(
  template: Readonly<Record<string, unknown>>,
  place: { readonly name: string; readonly namespace: string },
  drop: Drop,
): KubeObject {
  const { metadata, spec } = templateShape.parse(template);
  const { annotations } = metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...place,
      labels: { [cloneLabel]: place.name },
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: {
      ...spec,
      activeDeadlineSeconds: DEADLINE_SECONDS,
      containers: spec.containers.map((container) => without(drop, container)),
    },
  };
}
