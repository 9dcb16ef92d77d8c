import { type ClusterTopology, topologyHash } from "../../lab/topology.ts";
import type { Runtime } from "../../runtime.ts";
import { homeId } from "../home-id.ts";

/** Ours, and those of version 0.1, which end in the number of their workers: `-1w`. */
const pattern = /^labs-[0-9a-f]{6}-(?:[0-9a-f]{6}|\d+w)$/;

/** The label that kind puts on its node containers; its value is the name of the cluster. */
export const kindClusterLabel = "io.x-k8s.kind.cluster";

/** The name of this home's cluster of this topology. */
export function clusterName(rt: Pick<Runtime, "paths">, topology: ClusterTopology): string {
  return `labs-${homeId(rt)}-${topologyHash(topology)}`;
}

/** True for the names that this program gives, or gave, to kind clusters. */
export function isClusterName(name: string): boolean {
  return pattern.test(name);
}
