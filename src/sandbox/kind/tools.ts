import type { ClusterTopology } from "../../lab/topology.ts";
import type { Runtime } from "../../runtime.ts";

/** The programs and images that a kind sandbox is made with. */
export interface KindTools {
  readonly kind: string;
  readonly nodeImage: string;
  readonly goAppImage: string;
}

/** Finds them, and gets what is missing. */
export type EnsureTools = (rt: Runtime) => Promise<KindTools>;

/** Names of the images that the nodes of a topology have beside their own: the sample service first, which the agent runs. */
export function imagesOf({ images = [] }: ClusterTopology, { goAppImage }: KindTools): readonly string[] {
  return [goAppImage, ...images];
}
