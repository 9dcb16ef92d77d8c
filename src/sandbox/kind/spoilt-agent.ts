import { readFile } from "node:fs/promises";
import path from "node:path";
import { parseAllDocuments } from "yaml";
import { firstDifference } from "../../kube/first-difference.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { objectOf } from "../../kube/response.ts";
import type { Runtime } from "../../runtime.ts";
import { agentTokenHeader } from "../agent/agent-protocol.ts";
import { systemNamespace } from "../sandbox.ts";
import { agentProxyPath, readAgentToken } from "./agent.ts";

/** The agent's pod. */
export const agentPodRef = { apiVersion: "v1", kind: "Pod", name: "agent", namespace: systemNamespace } as const;

const text = `pod/agent in ${systemNamespace}`;

/** What the agent is made from. */
export async function agentManifests(rt: Pick<Runtime, "paths">): Promise<KubeObject[]> {
  const yaml = await readFile(path.join(rt.paths.manifests, "agent", "agent.yaml"), "utf8");
  return parseAllDocuments(yaml).map((document) => objectOf(document.toJS()));
}

/** The phase of a pod; "unknown" where it has none. */
export function phaseOf({ status }: KubeObject): string {
  return typeof status === "object" && status !== null && "phase" in status ? String(status.phase) : "unknown";
}

/** Why the agent's pod can only be made anew: gone, ended, or not the one of the manifest; undefined where it is whole. */
export async function spoiltAgent(
  rt: Pick<Runtime, "paths">,
  pod: KubeObject | undefined,
): Promise<string | undefined> {
  if (pod === undefined) return `${text} is gone`;
  if (pod.metadata.deletionTimestamp !== undefined) return `${text} is being deleted`;
  const phase = phaseOf(pod);
  if (phase === "Failed" || phase === "Succeeded") return `${text} is ${phase}`;
  const wanted = (await agentManifests(rt)).find(({ kind }) => kind === "Pod");
  const differing = wanted === undefined ? undefined : firstDifference(wanted, pod);
  return differing === undefined ? undefined : `${text} was changed: ${differing}`;
}

/** Why a running agent does not serve us; undefined where it takes the token that it will be asked with. */
export async function agentRefusal(kube: Kube): Promise<string | undefined> {
  const token = await readAgentToken(kube);
  if (token === undefined) return `the token of ${text} is gone`;
  // About a run that there is not: this asks for nothing but to be let in.
  const { status } = await kube.request("GET", `${agentProxyPath}/runs/none`, {
    headers: { [agentTokenHeader]: token },
    timeoutMs: 3000,
  });
  if (status === 401) return `${text} has another token than its Secret`;
  return status === 404 ? undefined : `${text} answers ${status}`;
}

/** What keeps the agent from doing its work; undefined where it does. */
export async function agentProblem(rt: Pick<Runtime, "paths">, kube: Kube): Promise<string | undefined> {
  const pod = await kube.get(agentPodRef);
  const spoilt = await spoiltAgent(rt, pod);
  if (spoilt !== undefined || pod === undefined) return spoilt;
  const phase = phaseOf(pod);
  return phase === "Running" ? agentRefusal(kube) : `${text} is ${phase}`;
}
