import type { Runtime } from "../../runtime.ts";
import { captureBaseline } from "../baseline/capture.ts";
import { saveBaseline } from "../baseline/store.ts";
import { kindAgent } from "./agent.ts";
import { closeEgress } from "./close-egress.ts";
import { clusterReady, notWhole } from "./cluster-ready.ts";
import { createCluster } from "./create-cluster.ts";
import { agentReady, ensureSystemNamespace } from "./deploy-agent.ts";
import { deployDns } from "./deploy-dns.ts";
import { rememberImage, sendImage } from "./load-image.ts";
import { networkReady } from "./network-ready.ts";
import { nodesOf } from "./nodes.ts";
import type { KindTools } from "./tools.ts";
import type { AwakeCluster } from "./wake-cluster.ts";

/** A cluster that takes objects; pods may still be on their way up. */
export interface NewCluster extends AwakeCluster {
  /** Kept once all of it is up, and the agent reaches services by name. */
  readonly settled: Promise<void>;
}

/** Makes a cluster on which a lab can be laid down, and remembers what it looks like before any lab. */
export async function newCluster(
  rt: Runtime,
  name: string,
  tools: KindTools,
  note: (text: string) => void,
): Promise<NewCluster> {
  const docker = await rt.docker();
  const nodeNames = async (): Promise<string[]> => (await nodesOf(docker, name)).map((node) => node.name);
  const onNodes = async (): Promise<string> => sendImage(rt, await nodeNames(), tools);
  const { kubeconfig, begun: sent } = await createCluster(rt, name, tools, { note, onNodes });
  const kube = await rt.kube(kubeconfig);
  const nodes = await nodeNames();
  note("closing every way out");
  await ensureSystemNamespace(kube);
  const closed = Promise.all([deployDns(kube, docker, nodes), closeEgress(docker, name, nodes)]);
  const remembered = closed
    .then(() => clusterReady(rt, kube, nodes.length, note, notWhole))
    .then(async () => saveBaseline(rt, { name, kube }, await captureBaseline(kube)));
  // Pods not before their image is there: kubelet would try to pull it, and then wait.
  await Promise.all([sent.then((id) => rememberImage(kube, id)), remembered]);
  const settled = Promise.all([agentReady(rt, kube), clusterReady(rt, kube, nodes.length, () => undefined)]).then(() =>
    networkReady(rt, kindAgent(kube)),
  );
  // Whoever waits for it sees the failure; until somebody does, it must not end the program.
  settled.catch(() => undefined);
  return { kube, nodes, slept: false, asItIs: false, settled };
}
