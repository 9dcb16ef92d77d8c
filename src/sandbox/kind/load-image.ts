import type { Docker } from "../../docker/docker.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Runtime } from "../../runtime.ts";
import { environmentError } from "../../lib/errors.ts";
import { systemNamespace } from "../sandbox.ts";
import { removeAgent } from "./deploy-agent.ts";
import { runOnNodes, untilBooted } from "./nodes.ts";
import type { KindTools } from "./tools.ts";

const key = "dev.labs/go-app-image";
const namespaceRef = { apiVersion: "v1", kind: "Namespace", name: systemNamespace } as const;
const IMPORT_TIMEOUT_MS = 120_000;
// The first container unpacks the image, with the snapshotter that the node is set to.
const script = `${untilBooted}
exec ctr --namespace=k8s.io images import --digests --no-unpack -
`;

async function imageIdOf(rt: Runtime, docker: Docker, { goAppImage }: KindTools): Promise<string> {
  const image = await docker.image(goAppImage);
  if (image !== undefined) return image.id;
  throw environmentError(`image ${goAppImage} is not there`, { cure: `${rt.program} setup` });
}

/**
 * Puts the sample service's image on nodes, and returns the image's id; no API server is needed. What `kind load` does,
 * without its programs: on two CPUs those cost a new cluster a second, at the time when it needs them most.
 */
export async function sendImage(rt: Runtime, nodes: readonly string[], tools: KindTools): Promise<string> {
  const docker = await rt.docker();
  const id = await imageIdOf(rt, docker, tools);
  const input = await docker.saveImage(tools.goAppImage);
  const failed = (node: string, output: string): string =>
    `image ${tools.goAppImage} could not be loaded into ${node}: ${output}`;
  await runOnNodes(docker, nodes, ["sh", "-c", script], failed, { input, timeoutMs: IMPORT_TIMEOUT_MS });
  return id;
}

/** Remembers on our namespace which image the nodes have. */
export async function rememberImage(kube: Kube, id: string): Promise<void> {
  await kube.patch(namespaceRef, { metadata: { annotations: { [key]: id } } }, "merge");
}

/** Sends the image to nodes that have another one. */
export async function loadImage(rt: Runtime, kube: Kube, nodes: readonly string[], tools: KindTools): Promise<void> {
  const loaded = (await kube.get(namespaceRef))?.metadata.annotations?.[key];
  if (loaded === (await imageIdOf(rt, await rt.docker(), tools))) return;
  const id = await sendImage(rt, nodes, tools);
  if (loaded !== undefined) await removeAgent(rt, kube);
  await rememberImage(kube, id);
}
