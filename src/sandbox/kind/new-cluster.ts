import { imagesOf } from "./tools.ts";
import type { ClusterTopology } from "../../lab/topology.ts";
import type { Runtime } from "../../runtime.ts";
import { captureBaseline } from "../baseline/capture.ts";
import { saveBaseline } from "../baseline/store.ts";
import { kindAgent } from "./agent.ts";
import { openApiShortcut } from "./api-shortcut.ts";
import { closeEgress } from "./close-egress.ts";
import { clusterReady, notWhole } from "./cluster-ready.ts";
import { createCluster } from "./create-cluster.ts";
import { agentReady, ensureSystemNamespace, startAgent } from "./deploy-agent.ts";
import { deployDns, printDns } from "./deploy-dns.ts";
import { firstContact } from "./first-contact.ts";
import { rememberImages, sendImages } from "./load-image.ts";
import { networkReady } from "./network-ready.ts";
import { keepDown, nodesOf } from "./nodes.ts";
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
  topology: ClusterTopology,
  tools: KindTools,
  note: (text: string) => void,
): Promise<NewCluster> {
  const docker = await rt.docker();
  // What does not need kind's last steps, side by side with them. The ways out are closed before anything could use them.
  const onNodes = async (whileKindWorks: Runtime, networkId: string) => {
    const made = await nodesOf(docker, name);
    const nodes = made.map((node) => node.name);
    const [kube, images, dns] = await Promise.all([
      firstContact(whileKindWorks, name, networkId, nodes),
      sendImages(whileKindWorks, nodes, imagesOf(topology, tools)),
      printDns(docker, nodes),
      keepDown(docker, made),
      closeEgress(docker, name, nodes).then(() => openApiShortcut(docker, nodes)),
    ]);
    await ensureSystemNamespace(kube);
    // Pods not before their image is there: kubelet would try to pull it, and then wait.
    await Promise.all([deployDns(kube, dns), rememberImages(kube, tools, images), startAgent(whileKindWorks, kube)]);
    return { kube, nodes };
  };
  const { kube, nodes } = await (await createCluster(rt, name, topology, tools, { note, onNodes })).begun;
  await clusterReady(rt, kube, nodes.length, note, notWhole);
  await saveBaseline(rt, { name, kube }, await captureBaseline(kube));
  const settle = async (): Promise<void> => {
    await Promise.all([agentReady(rt, kube), clusterReady(rt, kube, nodes.length, () => undefined)]);
    // Once more, now that kube-proxy is up: takes the API server's shortcut back, so that what is looked at next is kube-proxy's work.
    await closeEgress(docker, name, nodes);
    await networkReady(rt, kindAgent(kube));
  };
  const settled = settle();
  // The caller awaits `settled` later and gets its error then; without this line the error would end the program before.
  settled.catch(() => undefined);
  return { kube, nodes, slept: false, onlyToClear: false, settled };
}
