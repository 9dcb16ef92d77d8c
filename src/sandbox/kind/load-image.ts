import type { Kube } from "../../kube/kube.ts";
import type { Runtime } from "../../runtime.ts";
import { environmentError } from "../../errors.ts";
import { systemNamespace } from "../sandbox.ts";
import { kindEnv } from "./create-cluster.ts";
import { removeAgent } from "./deploy-agent.ts";
import type { KindTools } from "./tools.ts";

const key = "dev.labs/go-app-image";
const namespaceRef = { apiVersion: "v1", kind: "Namespace", name: systemNamespace } as const;

/** Puts the sample service's image on every node; once per image, remembered on our namespace. */
export async function loadImage(rt: Runtime, kube: Kube, name: string, tools: KindTools): Promise<void> {
  const docker = await rt.docker();
  const image = await docker.image(tools.goAppImage);
  if (image === undefined) {
    throw environmentError(`image ${tools.goAppImage} is not there`, { cure: `${rt.program} setup` });
  }
  const loaded = (await kube.get(namespaceRef))?.metadata.annotations?.[key];
  if (loaded === image.id) return;
  const argv = [tools.kind, "load", "docker-image", tools.goAppImage, "--name", name] as const;
  await rt.exec(argv, { env: kindEnv(kube.kubeconfig, name), timeoutMs: 120_000 });
  if (loaded !== undefined) await removeAgent(rt, kube);
  const patch = { metadata: { annotations: { [key]: image.id } } };
  await kube.patch(namespaceRef, patch, "merge");
}
