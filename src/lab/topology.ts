import { createHash } from "node:crypto";

/** A cluster that kind makes for a lab. */
export interface ClusterTopology {
  readonly provider: "kind";
  /** Worker nodes beside the control plane. */
  readonly workers: number;
  /** The lab changes what cannot be restored: its cluster is made anew each time. */
  readonly fresh: boolean;
  /** Names of add-ons (src/images/addons.ts), each once, in the order of the alphabet. */
  readonly addons?: readonly string[];
  /** Names of images that its nodes have beside the sample service; any cluster can be given them, so they are no part of how it is built. */
  readonly images?: readonly string[];
}

/** A Docker network that holds the containers of a lab. */
export interface DockerTopology {
  readonly provider: "docker";
}

/**
 * What a lab asks of its sandbox. Optional parts are left out where a lab asks for none of them, so that those to come give no other name to what
 * is there already.
 */
export type Topology = ClusterTopology | DockerTopology;

/** Who makes the sandbox of a topology. */
export type ProviderName = Topology["provider"];

/** The topology of a lab in a cluster; undefined for a Docker lab. */
export function clusterTopology(topology: Topology): ClusterTopology | undefined {
  return "workers" in topology ? topology : undefined;
}

/** Fields that say how a sandbox is used, and not how it is built. */
const notBuilt: ReadonlySet<string> = new Set(["fresh", "images"]);

/** Six hex digits for how a sandbox is built: the same for labs that may use the same one, whatever the order of their fields. */
export function topologyHash(topology: Topology): string {
  const built = Object.entries(topology)
    .filter(([key]) => !notBuilt.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(built)).digest("hex").slice(0, 6);
}
