import type { Runtime } from "../../runtime.ts";
import { homeId } from "../home-id.ts";

const pattern = /^labs-[0-9a-f]{6}-\d+w$/;

/** The label that kind puts on its node containers; its value is the name of the cluster. */
export const kindClusterLabel = "io.x-k8s.kind.cluster";

/** The name of this home's cluster with so many workers. */
export function clusterName(rt: Pick<Runtime, "paths">, workers: number): string {
  return `labs-${homeId(rt)}-${workers}w`;
}

/** True for the names that this program gives to kind clusters. */
export function isClusterName(name: string): boolean {
  return pattern.test(name);
}

/** How many workers a cluster of this name has. */
export function workersOf(name: string): number {
  return Number(/-(\d+)w$/.exec(name)?.[1] ?? 0);
}
