import { environmentError } from "../../lib/errors.ts";
import { once } from "../../lib/once.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { agentPort, agentTokenHeader, createLoadAgent } from "../agent/agent-protocol.ts";
import type { LoadAgent } from "../agent/load-agent.ts";
import { systemNamespace } from "../sandbox.ts";

/** The Secret that holds the agent's token, one per cluster. */
export const agentTokenRef = {
  apiVersion: "v1",
  kind: "Secret",
  name: "agent-token",
  namespace: systemNamespace,
} as const;

/** Path of the agent's HTTP API through the API server's pod proxy. */
export const agentProxyPath = `/api/v1/namespaces/${systemNamespace}/pods/http:agent:${agentPort}/proxy`;

function tokenOf(secret: KubeObject | undefined): string | undefined {
  const data = secret?.["data"];
  if (typeof data !== "object" || data === null || !("token" in data)) return undefined;
  return typeof data.token === "string" ? Buffer.from(data.token, "base64").toString("utf8") : undefined;
}

/** The token of the cluster's agent; undefined where none was deployed. */
export async function readAgentToken(kube: Kube): Promise<string | undefined> {
  return tokenOf(await kube.get(agentTokenRef));
}

/** True when the agent's process answers. */
export async function agentAnswers(kube: Kube): Promise<boolean> {
  const { status } = await kube.request("GET", `${agentProxyPath}/livez`, { timeoutMs: 3000 });
  return status === 200;
}

/** The agent inside a cluster, reached through the API server, so that no port of it is published. */
export function kindAgent(kube: Kube): LoadAgent {
  const token = once(async () => {
    const found = await readAgentToken(kube);
    if (found === undefined) throw environmentError("the load agent's token is gone from the cluster");
    return found;
  });
  return createLoadAgent(async (method, path, { body, timeoutMs }) => {
    const headers = { [agentTokenHeader]: await token() };
    return kube.request(method, `${agentProxyPath}${path}`, {
      headers,
      timeoutMs,
      ...(body === undefined ? {} : { body }),
    });
  });
}
