import type { ProviderName, Topology } from "../lab/topology.ts";
import type { ContainerExec, Docker } from "../docker/docker.ts";
import type { Kube } from "../kube/kube.ts";
import type { Runtime } from "../runtime.ts";
import type { LoadAgent } from "./agent/load-agent.ts";

/** Namespace of our own objects in a cluster: session Secret, agent. */
export const systemNamespace = "labs-system";

/** Label of the node that carries what labs leave alone: the API server, DNS, the stage. */
export const controlPlaneLabel = "node-role.kubernetes.io/control-plane";

/**
 * Where a lab runs, as what it has. Checks and actions name what they need of it (src/lab/needs.ts); src/sandbox/capabilities.ts tells whether it
 * is there.
 */
export interface Sandbox {
  readonly name: string;
  /** The Docker network that it is reached over. */
  readonly network: string;
  readonly agent: LoadAgent;
  /** Need `cluster`: the API server, with all rights. */
  readonly kube?: Kube;
  /** Need `containers`: the engine in which the lab's containers run, on `network`. */
  readonly docker?: Docker;
  /** Need `nodes`: names of the nodes that we made and may close, label and add to, control plane first. */
  readonly nodes?: readonly string[];
  /** Need `nodeShell`: runs a command in a node, as root. Default time limit 30 s; its exit code is for the caller to judge. */
  readonly nodeShell?: (node: string, argv: readonly string[]) => Promise<ContainerExec>;
}

/** A sandbox with a cluster, whosever its nodes are. */
export type ClusterSandbox = Sandbox & Required<Pick<Sandbox, "kube">>;

/** A cluster that kind made for us. */
export type KindSandbox = Sandbox & Required<Pick<Sandbox, "kube" | "nodes" | "nodeShell">>;

/** An internal Docker network with the containers of a lab on it. */
export type DockerSandbox = Sandbox & Required<Pick<Sandbox, "docker">>;

/** A sandbox on which a lab can be laid down. */
export interface Prepared<Made extends Sandbox = Sandbox> {
  readonly sandbox: Made;
  readonly created: boolean;
  /** Kept once pods reach services by their names and the agent answers; what a new cluster is still at when a lab is laid down already. */
  readonly settled: Promise<void>;
}

/** What a sandbox is opened for: to lay, measure and try things in it, or only to take everything out. */
export type SandboxUse = "experiments" | "clearing";

/** Makes, finds and removes sandboxes of one sort. */
export interface Provider<Made extends Sandbox = Sandbox> {
  readonly name: ProviderName;
  /**
   * The name a topology gets in this home, known before anything is made. Kind: `labs-<6 hex of LABS_HOME>-<6 hex of the topology>`; Docker:
   * `labs-<6 hex of LABS_HOME>`.
   */
  nameFor(rt: Runtime, topology: Topology): string;
  /**
   * A sandbox ready for a lab: the warm one, or a new one. Idempotent; closes every way out, each time. `name`: what its session calls it, which
   * may be a name that version 0.1 gave; default is `nameFor`.
   */
  prepare(rt: Runtime, topology: Topology, note: (text: string) => void, name?: string): Promise<Prepared<Made>>;
  /**
   * The running sandbox of this name; undefined when it is gone. Closes every way out again, and sees to it that experiments can run; only one
   * that is about to be cleared is taken as it is when it runs.
   */
  open(rt: Runtime, name: string, use?: SandboxUse): Promise<Made | undefined>;
  /**
   * Keeps a clean sandbox for the next lab, where it costs no CPU meanwhile; true when it is kept, false when it was removed. A home keeps one:
   * the others that no session uses and that do not run are removed, and `note` is told of each.
   */
  park(rt: Runtime, name: string, note: (text: string) => void): Promise<boolean>;
  /** Removes it with everything on its network. False when there was nothing. */
  remove(rt: Runtime, name: string): Promise<boolean>;
  /** Names of the sandboxes of this home, or of all homes, running or not. */
  list(rt: Runtime, scope: "home" | "all"): Promise<string[]>;
}

/** Short name of a container of a Docker lab -> its name on the host. */
export function containerName(sandbox: { readonly name: string }, short: string): string {
  return `${sandbox.name}-${short}`;
}
