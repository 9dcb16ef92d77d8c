import { labelKeys } from "../../images/labels.ts";
import type { ClusterTopology, Topology } from "../../lab/topology.ts";
import { environmentError, messageOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { readState } from "../../session/store.ts";
import { ensureReady } from "../../setup/ensure-ready.ts";
import { loadBaseline } from "../baseline/store.ts";
import { isOfHome } from "../home-id.ts";
import type { KindSandbox, Provider } from "../sandbox.ts";
import { kindAgent } from "./agent.ts";
import { ApiOutOfReachError } from "./api-contact.ts";
import { closeDns } from "./close-dns.ts";
import { clusterName, isClusterName, kindClusterLabel } from "./cluster-name.ts";
import { clusterReady } from "./cluster-ready.ts";
import { agentReady } from "./deploy-agent.ts";
import { loadImages } from "./load-image.ts";
import { networkReady } from "./network-ready.ts";
import { newCluster } from "./new-cluster.ts";
import { PortTakenError, nodesOf, pauseNode } from "./nodes.ts";
import { removeCluster } from "./remove-cluster.ts";
import { publishKubeconfig } from "./sandbox-files.ts";
import { type EnsureTools, type KindTools, imagesOf } from "./tools.ts";
import { type AwakeCluster, wakeCluster } from "./wake-cluster.ts";

function ofKind(topology: Topology): ClusterTopology {
  if (topology.provider === "kind") return topology;
  throw new Error(`the kind provider makes no ${topology.provider} sandbox`);
}

async function sandboxOf(
  rt: Runtime,
  name: string,
  { kube, nodes }: AwakeCluster,
  newLab: boolean,
): Promise<KindSandbox> {
  await publishKubeconfig(rt, kube.kubeconfig, newLab);
  const docker = await rt.docker();
  return {
    name,
    network: name,
    nodes,
    nodeShell: (node, argv) => docker.exec(node, argv),
    kube,
    agent: kindAgent(kube),
  };
}

/** The cluster of this name if it was made whole, with the nodes that are asked for, from the node image that we use now, and answers. */
async function reuse(
  rt: Runtime,
  name: string,
  topology: ClusterTopology,
  tools: KindTools,
  note: (text: string) => void,
): Promise<AwakeCluster | undefined> {
  const docker = await rt.docker();
  const [nodes, image] = await Promise.all([nodesOf(docker, name), docker.image(tools.nodeImage)]);
  if (nodes.length !== topology.workers + 1) return undefined;
  if (image !== undefined && nodes.some(({ imageId }) => imageId !== image.id)) return undefined;
  const awake = await wakeCluster(rt, name).catch((error: unknown) => {
    if (!(error instanceof PortTakenError)) throw error;
    note(error.message);
    return undefined;
  });
  if (awake === undefined || (await loadBaseline(rt, { name, kube: awake.kube })) === undefined) return undefined;
  await Promise.all([closeDns(awake.kube), loadImages(rt, awake.kube, awake.nodes, tools, imagesOf(topology, tools))]);
  try {
    await Promise.all([agentReady(rt, awake.kube), clusterReady(rt, awake.kube, nodes.length, note)]);
    await networkReady(rt, kindAgent(awake.kube));
  } catch (error) {
    // A cluster that does not come back whole is replaced, unless the person wants out.
    if (rt.signal.aborted) throw error;
    note(messageOf(error));
    return undefined;
  }
  return awake;
}

async function list(rt: Runtime, scope: "home" | "all"): Promise<string[]> {
  const docker = await rt.docker();
  const [nodes, networks] = await Promise.all([
    docker.containers({ label: kindClusterLabel }),
    docker.networks(labelKeys.home),
  ]);
  const names = new Set([
    ...nodes.map(({ labels }) => labels[kindClusterLabel] ?? ""),
    ...networks.map((network) => network.name),
  ]);
  const ours = [...names].filter(isClusterName).sort();
  return scope === "all" ? ours : ours.filter((name) => isOfHome(rt, name));
}

/** The clusters of this home that no session uses and of which no node runs; none while it cannot be known what a session uses. */
async function idleClusters(rt: Runtime): Promise<string[]> {
  const docker = await rt.docker();
  const { session, damaged } = await readState(rt);
  if (damaged) return [];
  const unused = (await list(rt, "home")).filter((name) => name !== session?.sandbox.name);
  const nodes = await Promise.all(unused.map((name) => nodesOf(docker, name)));
  return unused.filter((_, at) => nodes[at]?.every(({ status }) => status !== "running" && status !== "restarting"));
}

/** The kind provider, with its own way of finding tools. */
export function createKindProvider(ensureTools: EnsureTools): Provider<KindSandbox> {
  return {
    name: "kind",
    nameFor: (rt, topology) => clusterName(rt, ofKind(topology)),
    async prepare(rt, asked, note, name = clusterName(rt, ofKind(asked))) {
      const topology = ofKind(asked);
      const tools = await ensureTools(rt);
      const warm = topology.fresh ? undefined : await reuse(rt, name, topology, tools, note);
      if (warm !== undefined) {
        return { sandbox: await sandboxOf(rt, name, warm, true), created: false, settled: Promise.resolve() };
      }
      if (await removeCluster(rt, name)) note("the old cluster was removed");
      const fresh = await newCluster(rt, name, topology, tools, note).catch(async (error: unknown) => {
        // Nobody could use it, not even to look what is wrong.
        if (error instanceof ApiOutOfReachError) await removeCluster(rt, name);
        throw error;
      });
      return { sandbox: await sandboxOf(rt, name, fresh, true), created: true, settled: fresh.settled };
    },
    async open(rt, name, use = "experiments") {
      const docker = await rt.docker();
      if ((await nodesOf(docker, name)).length === 0) return undefined;
      const awake = await wakeCluster(rt, name, use);
      if (awake === undefined) {
        throw environmentError(`cluster ${name} is there, but its API server does not answer`, {
          cure: `${rt.program} stop, then start again`,
        });
      }
      if (!awake.onlyToClear) await Promise.all([closeDns(awake.kube), agentReady(rt, awake.kube)]);
      if (awake.slept) await networkReady(rt, kindAgent(awake.kube));
      return sandboxOf(rt, name, awake, false);
    },
    async park(rt, name, note) {
      const docker = await rt.docker();
      const running = (await nodesOf(docker, name)).filter(({ status }) => status === "running");
      const paused = await Promise.all(running.map((node) => pauseNode(rt, docker, node.name)));
      // A cluster that cannot be paused would go on costing CPU.
      if (paused.includes(false)) {
        await removeCluster(rt, name);
        return false;
      }
      for (const other of await idleClusters(rt)) {
        if (other === name) continue;
        note(`removing cluster ${other}: one idle cluster is kept`);
        await removeCluster(rt, other);
      }
      return true;
    },
    remove: removeCluster,
    list,
  };
}

/** Makes, finds and removes kind clusters. */
export const kindProvider: Provider<KindSandbox> = createKindProvider((rt) => ensureReady(rt, { kind: true }));
