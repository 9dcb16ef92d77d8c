import path from "node:path";
import type { Kube, KubeObject } from "../../src/kube/kube.ts";
import { agentManifests } from "../../src/sandbox/kind/spoilt-agent.ts";
import { fakeKube } from "./kube.ts";
import { fakeRuntime } from "./runtime.ts";

/** Where the manifests of this repository are. */
export const manifests = path.join(import.meta.dirname, "..", "..", "manifests");

const paths = { ...fakeRuntime().paths, manifests };

/** The agent's pod and token, as a cluster tells of them; `spec` is merged over the pod's. */
export async function fakeKindAgent(parts: { spec?: object; phase?: string } = {}): Promise<KubeObject[]> {
  const pod = (await agentManifests({ paths })).find(({ kind }) => kind === "Pod");
  if (pod === undefined) throw new Error("the agent's manifest has no pod");
  const spec = pod["spec"];
  return [
    {
      ...pod,
      spec: { ...(typeof spec === "object" ? spec : {}), ...parts.spec },
      status: { phase: parts.phase ?? "Running" },
    },
    {
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "agent-token", namespace: "labs-system" },
      data: { token: Buffer.from("t0ken").toString("base64") },
    },
  ];
}

/** A cluster that holds these objects, and in which an agent knows the token `t0ken` and no runs. */
export function kubeWithAgent(objects: readonly KubeObject[], token = "t0ken"): Kube {
  return fakeKube(objects, {
    request: async (_method, _path, options) => ({
      status: options?.headers?.["X-Lab-Token"] === token ? 404 : 401,
      text: "",
      body: undefined,
    }),
  });
}
