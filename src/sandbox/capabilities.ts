import { environmentError } from "../lib/errors.ts";
import { type Need, lackText } from "../lab/needs.ts";
import type { ClusterSandbox, DockerSandbox, KindSandbox, Sandbox } from "./sandbox.ts";

const partOf = {
  cluster: "kube",
  containers: "docker",
  nodes: "nodes",
  nodeShell: "nodeShell",
} as const satisfies Record<Need, keyof Sandbox>;

/** Why a check or action `name` cannot work in this sandbox, as a sentence; undefined where the sandbox has all that it needs. */
export function lackOf(name: string, needs: readonly Need[], sandbox: Sandbox): string | undefined {
  return lackText(name, needs, sandbox.name, (need) => sandbox[partOf[need]] !== undefined);
}

/** True for a sandbox whose lab is containers of an engine. */
export function hasContainers(sandbox: Sandbox): sandbox is DockerSandbox {
  return sandbox.docker !== undefined;
}

/** True for a sandbox whose lab lies in a cluster. */
export function hasCluster(sandbox: Sandbox): sandbox is ClusterSandbox {
  return sandbox.kube !== undefined;
}

/** True for a cluster whose nodes are ours too. */
export function ownsNodes(sandbox: Sandbox): sandbox is KindSandbox {
  return hasCluster(sandbox) && sandbox.nodes !== undefined && sandbox.nodeShell !== undefined;
}

function lacking(sandbox: Sandbox, what: string): Error {
  return environmentError(`${sandbox.name} has no ${what}`);
}

/** The sandbox as a cluster; throws an error of the environment where it is none. */
export function clusterOf(sandbox: Sandbox): ClusterSandbox {
  if (hasCluster(sandbox)) return sandbox;
  throw lacking(sandbox, "cluster");
}

/** The sandbox as containers of an engine; throws an error of the environment where it is none. */
export function containersOf(sandbox: Sandbox): DockerSandbox {
  if (hasContainers(sandbox)) return sandbox;
  throw lacking(sandbox, "containers");
}

/** What runs commands in its nodes; throws an error of the environment where nothing does. */
export function nodeShellOf(sandbox: Sandbox): NonNullable<Sandbox["nodeShell"]> {
  if (sandbox.nodeShell !== undefined) return sandbox.nodeShell;
  throw lacking(sandbox, "way to run commands in its nodes");
}
