import type { ProviderName } from "./topology.ts";

/** What a check or an action can need of the sandbox that a lab runs in. */
export type Need = "cluster" | "containers" | "nodes" | "nodeShell";

/** The needs in words, to be read after "needs". */
export const needTexts: Readonly<Record<Need, string>> = {
  cluster: "a Kubernetes cluster",
  containers: "the containers of a Docker lab",
  nodes: "cluster nodes that it may change",
  nodeShell: "commands run on cluster nodes",
};

const offers: Readonly<Record<ProviderName, readonly Need[]>> = {
  kind: ["cluster", "nodes", "nodeShell"],
  docker: ["containers"],
};

/** Whether the sandboxes of a provider have what is needed, known before one is made. */
export function offersNeed(provider: ProviderName, need: Need): boolean {
  return offers[provider].includes(need);
}

/** What of `needs` a sandbox lacks, as a sentence about the check or action `name`; undefined when it has everything. */
export function lackText(
  name: string,
  needs: readonly Need[],
  sandbox: string,
  has: (need: Need) => boolean,
): string | undefined {
  const missing = needs.filter((need) => !has(need)).map((need) => needTexts[need]);
  return missing.length === 0 ? undefined : `${name} needs ${missing.join(" and ")}, which ${sandbox} does not have`;
}
