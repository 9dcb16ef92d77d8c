import { environmentError } from "../../errors.ts";
import type { Kube } from "../../kube/kube.ts";
import { poll } from "../../poll.ts";
import type { Runtime } from "../../runtime.ts";
import { openApiShortcut } from "./api-shortcut.ts";
import { captureBaseline } from "../baseline/capture.ts";
import { saveBaseline } from "../baseline/store.ts";
import { kindAgent } from "./agent.ts";
import { closeEgress } from "./close-egress.ts";
import { clusterReady, notWhole } from "./cluster-ready.ts";
import { createCluster } from "./create-cluster.ts";
import { agentReady, ensureSystemNamespace, startAgent } from "./deploy-agent.ts";
import { deployDns, printDns } from "./deploy-dns.ts";
import { rememberImage, sendImage } from "./load-image.ts";
import { networkReady } from "./network-ready.ts";
import { nodesOf } from "./nodes.ts";
import { recoverKubeconfig } from "./recover-kubeconfig.ts";
import type { KindTools } from "./tools.ts";
import type { AwakeCluster } from "./wake-cluster.ts";

const API_WITHIN_MS = 120_000;

/** A cluster that takes objects; pods may still be on their way up. */
export interface NewCluster extends AwakeCluster {
  /** Kept once all of it is up, and the agent reaches services by name. */
  readonly settled: Promise<void>;
}

/** The first words with a cluster on its way up: as soon as its API server lets us in, which is seconds before kind is done. */
async function firstContact(rt: Runtime, name: string, networkId: string, nodes: readonly string[]): Promise<Kube> {
  const found = await poll(
    async () => {
      const kubeconfig = await recoverKubeconfig(rt, name, networkId, nodes);
      return kubeconfig === undefined ? { done: false, seen: "no credentials yet" } : { done: true, value: kubeconfig };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: API_WITHIN_MS, everyMs: 500 },
  );
  if (!found.ok) throw environmentError(`cluster ${name} has no credentials within ${API_WITHIN_MS / 1000} s`);
  const kube = await rt.kube(found.value);
  const up = await poll(
    async () => ((await kube.ready(2000)) ? { done: true, value: true } : { done: false, seen: "not ready" }),
    { clock: rt.clock, signal: rt.signal, withinMs: API_WITHIN_MS, everyMs: 200 },
  );
  if (!up.ok) throw environmentError(`the API server of cluster ${name} is not ready within ${API_WITHIN_MS / 1000} s`);
  return kube;
}

/** Makes a cluster on which a lab can be laid down, and remembers what it looks like before any lab. */
export async function newCluster(
  rt: Runtime,
  name: string,
  tools: KindTools,
  note: (text: string) => void,
): Promise<NewCluster> {
  const docker = await rt.docker();
  // What does not need kind's last steps, side by side with them. The ways out are closed before anything could use them.
  const onNodes = async (whileKindWorks: Runtime, networkId: string) => {
    const nodes = (await nodesOf(docker, name)).map((node) => node.name);
    const [kube, image, dns] = await Promise.all([
      firstContact(whileKindWorks, name, networkId, nodes),
      sendImage(whileKindWorks, nodes, tools),
      printDns(docker, nodes),
      closeEgress(docker, name, nodes).then(() => openApiShortcut(docker, nodes)),
    ]);
    await ensureSystemNamespace(kube);
    // Pods not before their image is there: kubelet would try to pull it, and then wait.
    await Promise.all([deployDns(kube, dns), rememberImage(kube, image), startAgent(whileKindWorks, kube)]);
    return kube;
  };
  const kube = await (await createCluster(rt, name, tools, { note, onNodes })).begun;
  const nodes = (await nodesOf(docker, name)).map((node) => node.name);
  await clusterReady(rt, kube, nodes.length, note, notWhole);
  await saveBaseline(rt, { name, kube }, await captureBaseline(kube));
  const settle = async (): Promise<void> => {
    await Promise.all([agentReady(rt, kube), clusterReady(rt, kube, nodes.length, () => undefined)]);
    // Once more, now that kube-proxy is up: takes the API server's shortcut back.
    await Promise.all([networkReady(rt, kindAgent(kube)), closeEgress(docker, name, nodes)]);
  };
  const settled = settle();
  // Whoever waits for it sees the failure; until somebody does, it must not end the program.
  settled.catch(() => undefined);
  return { kube, nodes, slept: false, asItIs: false, settled };
}
