import type { DockerSandbox, KindSandbox } from "../../src/sandbox/sandbox.ts";
import { fakeAgent } from "./agent.ts";
import { fakeDocker } from "./docker.ts";
import { fakeKube } from "./kube.ts";

/** A kind cluster without nodes, objects or an agent that answers, unless they are given. */
export function fakeKindSandbox(parts: Partial<KindSandbox> = {}): KindSandbox {
  return {
    provider: "kind",
    name: "labs-abc123-0w",
    network: "labs-abc123-0w",
    kubeconfig: "/home/me/.local/state/labs/kubeconfig",
    nodes: ["labs-abc123-0w-control-plane"],
    kube: fakeKube(),
    docker: fakeDocker(),
    agent: fakeAgent(),
    ...parts,
  };
}

/** A Docker sandbox without containers or an agent that answers, unless they are given. */
export function fakeDockerSandbox(parts: Partial<DockerSandbox> = {}): DockerSandbox {
  return {
    provider: "docker",
    name: "labs-abc123",
    network: "labs-abc123",
    docker: fakeDocker(),
    agent: fakeAgent(),
    ...parts,
  };
}
