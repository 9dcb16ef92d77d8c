import type { Runtime } from "../../runtime.ts";
import { captureBaseline } from "../baseline/capture.ts";
import { saveBaseline } from "../baseline/store.ts";
import { kindAgent } from "./agent.ts";
import { closeDns, tuneDns } from "./close-dns.ts";
import { closeEgress } from "./close-egress.ts";
import { clusterReady } from "./cluster-ready.ts";
import { createCluster } from "./create-cluster.ts";
import { agentReady, ensureSystemNamespace } from "./deploy-agent.ts";
import { loadImage } from "./load-image.ts";
import { networkReady } from "./network-ready.ts";
import { nodesOf } from "./nodes.ts";
import type { KindTools } from "./tools.ts";
import type { AwakeCluster } from "./wake-cluster.ts";

/** Makes a cluster that is ready for a lab, and remembers what it looks like before any lab. */
export async function newCluster(
  rt: Runtime,
  name: string,
  tools: KindTools,
  note: (text: string) => void,
): Promise<AwakeCluster> {
  const kube = await rt.kube(await createCluster(rt, name, tools, note));
  const docker = await rt.docker();
  const nodes = (await nodesOf(docker, name)).map((node) => node.name);
  note("closing every way out");
  // DNS now, while its pods wait for the node to be ready: later they would have to start twice.
  await Promise.all([tuneDns(kube), closeDns(kube), closeEgress(docker, name, nodes), ensureSystemNamespace(kube)]);
  note("loading the sample service");
  // Not before its image is there: kubelet would try to pull it, and then wait.
  const agent = loadImage(rt, kube, name, tools).then(() => agentReady(rt, kube));
  await Promise.all([agent, clusterReady(rt, kube, nodes.length, note)]);
  await networkReady(rt, kindAgent(kube));
  note("remembering the empty cluster");
  await saveBaseline(rt, { name, kube }, await captureBaseline(kube));
  return { kube, nodes, slept: false };
}
