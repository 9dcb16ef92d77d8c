import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";

const shape = z.looseObject({
  status: z
    .looseObject({
      phase: z.string().default("Pending"),
      containerStatuses: z
        .array(
          z.looseObject({
            state: z.looseObject({
              waiting: z.looseObject({ reason: z.string().optional() }).optional(),
              terminated: z.looseObject({ exitCode: z.number() }).optional(),
            }),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** Exit code of a pod with one container that runs once; how it stands while it has none. */
export function podEnd(pod: KubeObject): number | string {
  const { phase, containerStatuses } = shape.parse(pod).status;
  const [container] = containerStatuses;
  return container?.state.terminated?.exitCode ?? container?.state.waiting?.reason ?? phase;
}
