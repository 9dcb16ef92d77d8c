import { z } from "zod";
import type { Kube } from "../../kube/kube.ts";
import type { Runtime } from "../../runtime.ts";
import { environmentError } from "../../lib/errors.ts";
import { systemNamespace } from "../sandbox.ts";
import { removeAgent } from "./deploy-agent.ts";
import { runOnNodes, untilBooted } from "./nodes.ts";
import type { KindTools } from "./tools.ts";

/** Annotations of our namespace: the id of the sample service's image in the nodes, and the ids of others by their names, as JSON. */
const serviceKey = "dev.labs/go-app-image";
const othersKey = "dev.labs/images";
const namespaceRef = { apiVersion: "v1", kind: "Namespace", name: systemNamespace } as const;
const IMPORT_TIMEOUT_MS = 120_000;
// The first container unpacks the image, with the snapshotter that the node is set to.
const script = `${untilBooted}
exec ctr --namespace=k8s.io images import --digests --no-unpack -
`;

/** Ids of images by their names. */
export type ImageIds = Readonly<Record<string, string>>;

const othersShape = z.record(z.string(), z.string());

async function idsOf(rt: Runtime, names: readonly string[]): Promise<ImageIds> {
  const docker = await rt.docker();
  const ids = names.map(async (name): Promise<[string, string]> => {
    const image = await docker.image(name);
    if (image !== undefined) return [name, image.id];
    throw environmentError(`image ${name} is not there`, { cure: `${rt.program} setup` });
  });
  return Object.fromEntries(await Promise.all(ids));
}

/**
 * Puts images on nodes, one after the other, and returns their ids; no API server is needed. What `kind load` does, without its programs: on two
 * CPUs those cost a new cluster a second, at the time when it needs them most.
 */
export async function sendImages(rt: Runtime, nodes: readonly string[], names: readonly string[]): Promise<ImageIds> {
  const docker = await rt.docker();
  const ids = await idsOf(rt, names);
  for (const name of names) {
    const input = await docker.saveImage(name);
    const failed = (node: string, output: string): string =>
      `image ${name} could not be loaded into ${node}: ${output}`;
    await runOnNodes(docker, nodes, ["sh", "-c", script], failed, { input, timeoutMs: IMPORT_TIMEOUT_MS });
  }
  return ids;
}

/** Remembers on our namespace which images the nodes have, all of them. */
export async function rememberImages(kube: Kube, { goAppImage }: KindTools, ids: ImageIds): Promise<void> {
  const { [goAppImage]: service, ...others } = ids;
  const annotations = {
    ...(service === undefined ? {} : { [serviceKey]: service }),
    ...(Object.keys(others).length === 0 ? {} : { [othersKey]: JSON.stringify(others) }),
  };
  await kube.patch(namespaceRef, { metadata: { annotations } }, "merge");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function loadedImages(kube: Kube, { goAppImage }: KindTools): Promise<ImageIds> {
  const annotations = (await kube.get(namespaceRef))?.metadata.annotations ?? {};
  const service = annotations[serviceKey];
  // What cannot be read is sent again.
  const others = othersShape.safeParse(parsed(annotations[othersKey] ?? "{}")).data ?? {};
  return { ...others, ...(service === undefined ? {} : { [goAppImage]: service }) };
}

/** Sends the images among `names` that the nodes do not have, or have another one of. */
export async function loadImages(
  rt: Runtime,
  kube: Kube,
  nodes: readonly string[],
  tools: KindTools,
  names: readonly string[],
): Promise<void> {
  const [loaded, ids] = await Promise.all([loadedImages(kube, tools), idsOf(rt, names)]);
  const wanted = names.filter((name) => loaded[name] !== ids[name]);
  if (wanted.length === 0) return;
  const sent = await sendImages(rt, nodes, wanted);
  // The agent runs the sample service: its pod has the old one.
  if (wanted.includes(tools.goAppImage) && loaded[tools.goAppImage] !== undefined) await removeAgent(rt, kube);
  await rememberImages(kube, tools, { ...loaded, ...sent });
}
