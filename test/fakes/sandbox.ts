import type { KubeObject } from "../../src/kube/kube.ts";
import type { ClusterSandbox, DockerSandbox, KindSandbox } from "../../src/sandbox/sandbox.ts";
import { fakeAgent } from "./agent.ts";
import { fakeDocker } from "./docker.ts";
import { fakeKube } from "./kube.ts";

/** A kind cluster without nodes, objects or an agent that answers, unless they are given. */
export function fakeKindSandbox(parts: Partial<KindSandbox> = {}): KindSandbox {
  return {
    name: "labs-abc123-0w",
    network: "labs-abc123-0w",
    nodes: ["labs-abc123-0w-control-plane"],
    nodeShell: () => Promise.reject(new Error("unlisted use of a node's shell")),
    kube: fakeKube(),
    agent: fakeAgent(),
    ...parts,
  };
}

/** A Docker sandbox without containers or an agent that answers, unless they are given. */
export function fakeDockerSandbox(parts: Partial<DockerSandbox> = {}): DockerSandbox {
  return {
    name: "labs-abc123",
    network: "labs-abc123",
    docker: fakeDocker(),
    agent: fakeAgent(),
    ...parts,
  };
}

/** Somebody else's cluster with these objects: its API is all that we have. */
export function fakeForeignCluster(objects: readonly KubeObject[] = []): ClusterSandbox {
  return { name: "theirs", network: "theirs", kube: fakeKube(objects), agent: fakeAgent() };
}
