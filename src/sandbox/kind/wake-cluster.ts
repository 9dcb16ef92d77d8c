import type { Kube } from "../../kube/kube.ts";
import type { Runtime } from "../../runtime.ts";
import type { SandboxUse } from "../sandbox.ts";
import { apiWays, findWay, ownNetwork } from "./api-contact.ts";
import { apiReady } from "./first-contact.ts";
import { closeEgress } from "./close-egress.ts";
import { nodesOf, wakeNodes } from "./nodes.ts";
import { recoverKubeconfig } from "./recover-kubeconfig.ts";

const AWAKE_WITHIN_MS = 15_000;

/** A cluster whose API server answers. Its ways out are closed, unless it is only to be cleared. */
export interface AwakeCluster {
  readonly kube: Kube;
  readonly nodes: readonly string[];
  /** It was paused or stopped until now: what its objects say about services and pods is old. */
  readonly slept: boolean;
  /** It ran already, and is only to be cleared: its ways out are not closed, and its load agent is not waited for. */
  readonly onlyToClear: boolean;
}

/**
 * Wakes what there is of a cluster; undefined when it is not there or does not answer within 15 s. Throws a PortTakenError where another
 * program has its port by now, and an ApiOutOfReachError where it cannot be asked from here.
 */
export async function wakeCluster(
  rt: Runtime,
  name: string,
  use: SandboxUse = "experiments",
  view = ownNetwork,
): Promise<AwakeCluster | undefined> {
  const docker = await rt.docker();
  const [found, network] = await Promise.all([nodesOf(docker, name), docker.network(name)]);
  if (found.length === 0 || network === undefined) return undefined;
  const slept = await wakeNodes(rt, docker, found);
  const onlyToClear = use === "clearing" && !slept;
  const nodes = found.map((node) => node.name);
  const connect = async (): Promise<Kube | undefined> => {
    // One that did not run has an address and a port only now.
    const controlPlane = slept ? await docker.inspect(nodes[0] ?? "") : found[0];
    const address = await findWay(rt, name, apiWays(name, controlPlane), view);
    const kubeconfig = await recoverKubeconfig(rt, name, network.id, nodes, address);
    return kubeconfig === undefined ? undefined : rt.kube(kubeconfig);
  };
  const [kube] = await Promise.all([connect(), onlyToClear ? undefined : closeEgress(docker, name, nodes)]);
  if (kube === undefined) return undefined;
  return (await apiReady(rt, kube, AWAKE_WITHIN_MS)) ? { kube, nodes, slept, onlyToClear } : undefined;
}
