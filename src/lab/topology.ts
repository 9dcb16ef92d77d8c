/** A cluster that kind makes for a lab. */
export interface ClusterTopology {
  readonly provider: "kind";
  /** Worker nodes beside the control plane. */
  readonly workers: number;
  /** The lab changes what cannot be restored: its cluster is made anew each time. */
  readonly fresh: boolean;
}

/** What a lab asks of its sandbox. */
export type Topology = ClusterTopology | { readonly provider: "docker" };

/** Who makes the sandbox of a topology. */
export type ProviderName = Topology["provider"];

/** The topology of a lab in a cluster; undefined for a Docker lab. */
export function clusterTopology(topology: Topology): ClusterTopology | undefined {
  return "workers" in topology ? topology : undefined;
}
