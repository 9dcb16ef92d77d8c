import type { Topology } from "../lab/topology.ts";
import type { Docker } from "../docker/docker.ts";
import type { Kube } from "../kube/kube.ts";
import type { Runtime } from "../runtime.ts";
import type { LoadAgent } from "./agent/load-agent.ts";

/** Namespace of our own objects in a cluster: session Secret, agent. */
export const systemNamespace = "labs-system";

/** Label of the node that carries what labs leave alone: the API server, DNS, the stage. */
export const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

/** A running kind cluster. */
export interface KindSandbox {
  readonly provider: "kind";
  readonly name: string;
  readonly network: string;
  readonly kubeconfig: string;
  /** Container names of its nodes, control plane first. */
  readonly nodes: readonly string[];
  readonly kube: Kube;
  readonly docker: Docker;
  readonly agent: LoadAgent;
}

/** An internal Docker network with the containers of a lab on it. */
export interface DockerSandbox {
  readonly provider: "docker";
  readonly name: string;
  readonly network: string;
  readonly docker: Docker;
  readonly agent: LoadAgent;
}

/** Where a lab runs. */
export type Sandbox = KindSandbox | DockerSandbox;

/** A sandbox on which a lab can be laid down. */
export interface Prepared {
  readonly sandbox: Sandbox;
  readonly created: boolean;
  /** Kept once pods reach services by their names and the agent answers; what a new cluster is still at when a lab is laid down already. */
  readonly settled: Promise<void>;
}

/** What a sandbox is opened for: to lay, measure and try things in it, or only to take everything out. */
export type SandboxUse = "experiments" | "clearing";

/** Makes, finds and removes sandboxes of one sort. */
export interface Provider {
  readonly name: Sandbox["provider"];
  /**
   * The name a topology gets in this home, known before anything is made. Kind: `labs-<6 hex of LABS_HOME>-<workers>w`; Docker:
   * `labs-<6 hex of LABS_HOME>`.
   */
  nameFor(rt: Runtime, topology: Topology): string;
  /** A sandbox ready for a lab: the warm one, or a new one. Idempotent; closes every way out, each time. */
  prepare(rt: Runtime, topology: Topology, note: (text: string) => void): Promise<Prepared>;
  /**
   * The running sandbox of this name; undefined when it is gone. Closes every way out again, and sees to it that experiments can run; only one
   * that is about to be cleared is taken as it is when it runs.
   */
  open(rt: Runtime, name: string, use?: SandboxUse): Promise<Sandbox | undefined>;
  /** Keeps a clean sandbox warm at no cost, or removes it where that is cheaper. */
  park(rt: Runtime, name: string): Promise<void>;
  /** Removes it with everything on its network. False when there was nothing. */
  remove(rt: Runtime, name: string): Promise<boolean>;
  /** Names of the sandboxes of this home, or of all homes, running or not. */
  list(rt: Runtime, scope: "home" | "all"): Promise<string[]>;
}

/** Short name of a container of a Docker lab -> its name on the host. */
export function containerName(sandbox: { readonly name: string }, short: string): string {
  return `${sandbox.name}-${short}`;
}
