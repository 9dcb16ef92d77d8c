import { z } from "zod";
import type { KubeObject } from "../kube/kube.ts";

const shape = z.looseObject({
  deletionTimestamp: z.string().default(""),
  deletionGracePeriodSeconds: z.number().default(0),
});

/**
 * The latest moment at which an object that was seen being deleted at `seenAt` can have been deleted, both of our `elapsed`; `toElapsed` makes
 * such moments of the cluster's stamps. The API server writes down when its grace
 * is over, in whole seconds, the rest cut off: so it was within the second that begins then, and not after we saw it. Undefined where nothing
 * is written down: a watch that missed the deletion tells of the end alone.
 */
export function deletedAt(
  { metadata }: KubeObject,
  seenAt: number,
  toElapsed: (stamp: number) => number,
): number | undefined {
  const { deletionTimestamp, deletionGracePeriodSeconds } = shape.parse(metadata);
  const graceOver = Date.parse(deletionTimestamp);
  if (Number.isNaN(graceOver)) return undefined;
  return Math.min(seenAt, toElapsed(graceOver - deletionGracePeriodSeconds * 1000 + 1000));
}
