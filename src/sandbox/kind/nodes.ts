import { DockerError } from "../../docker/docker-error.ts";
import type { ContainerState, Docker } from "../../docker/docker.ts";
import { environmentError, ExitCode, LabsError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import type { KindSandbox } from "../sandbox.ts";
import { kindClusterLabel } from "./cluster-name.ts";

function rank(name: string): string {
  return name.includes("-control-plane") ? `0${name}` : `1${name}`;
}

/** The node containers of a cluster, running or not, control plane first. */
export async function nodesOf(docker: Docker, name: string): Promise<ContainerState[]> {
  const nodes = await docker.containers({ label: `${kindClusterLabel}=${name}` });
  return nodes.sort((a, b) => (rank(a.name) < rank(b.name) ? -1 : 1));
}

/**
 * Shell code that waits, up to 30 s, until a node has its services. The engine calls a node running before that, and with cgroup v1 so does kind;
 * but its entry point still looks at routes and at the engine's DNS, and ends the node when somebody changes them meanwhile.
 */
export const untilBooted = `
tries=0
until [ -S /run/containerd/containerd.sock ] || [ "$tries" -ge 300 ]; do sleep 0.1; tries=$((tries + 1)); done
`;

/** Runs a program on every node, side by side. `failed` makes the message for a node where it does not end with 0. */
export async function runOnNodes(
  docker: Docker,
  nodes: readonly string[],
  argv: readonly string[],
  failed: (node: string, output: string) => string,
  options: { readonly input?: Uint8Array; readonly timeoutMs?: number } = {},
): Promise<void> {
  await Promise.all(
    nodes.map(async (node) => {
      const { exitCode, stdout, stderr } = await docker.exec(node, argv, options);
      if (exitCode !== 0) throw environmentError(failed(node, (stderr || stdout).trim()));
    }),
  );
}

/**
 * Keeps the engine from starting nodes by itself, which kind asks it for: a cluster that nobody uses would run for ever once the engine was
 * restarted.
 */
export async function keepDown(docker: Docker, nodes: readonly ContainerState[]): Promise<void> {
  const started = nodes.filter(({ restart }) => restart !== "no");
  await Promise.all(started.map(({ name }) => docker.neverRestart(name)));
}

/** A stopped node that cannot run again, because its port is another program's by now (exit 3). */
export class PortTakenError extends LabsError {
  constructor(node: string, port: string | undefined, program: string, cause: unknown) {
    const held = port === undefined ? "" : ` (sudo ss -ltnp 'sport = :${port}' names it)`;
    super(
      ExitCode.environment,
      `${node} cannot run again: another program has taken its port${port === undefined ? "" : ` 127.0.0.1:${port}`}`,
      { cure: `end that program${held}, or give the cluster up: ${program} stop, then start again`, cause },
    );
    this.name = "PortTakenError";
  }
}

/** What engines of all sorts say of a port that they cannot publish. */
const portTaken = /address already in use|port is already allocated|ports are not available/i;

function asPortTaken({ program }: Pick<Runtime, "program">, node: string, error: unknown): never {
  if (!(error instanceof DockerError) || !portTaken.test(error.message)) throw error;
  throw new PortTakenError(node, /127\.0\.0\.1:(\d+)/.exec(error.message)?.[1], program, error);
}

/**
 * Brings every node back to run, whatever a pause, a reboot or a learner made of it. True when one of them did not run. Throws a
 * PortTakenError where a port of it is taken.
 */
export async function wakeNodes(
  rt: Pick<Runtime, "program">,
  docker: Docker,
  nodes: readonly ContainerState[],
): Promise<boolean> {
  const asleep = nodes.filter(({ status }) => status !== "running");
  await Promise.all(
    asleep.map(async ({ name, status }) => {
      if (status === "paused") await docker.unpause(name);
      else if (status !== "restarting")
        await docker.start(name).catch((error: unknown) => asPortTaken(rt, name, error));
    }),
  );
  // Clusters of before have kind's own policy still.
  await keepDown(docker, nodes);
  return asleep.length > 0;
}

/** Pauses a node. A busy one cannot always be frozen at once; false when it cannot be at all. */
export async function pauseNode(rt: Pick<Runtime, "clock" | "signal">, docker: Docker, name: string): Promise<boolean> {
  const paused = await poll(
    async () => {
      try {
        await docker.pause(name);
      } catch (error) {
        if (!(error instanceof DockerError) || error.unreachable) throw error;
        return { done: false, seen: error.message };
      }
      return { done: true, value: true };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 5000, everyMs: 500 },
  );
  return paused.ok;
}

/** Run inside a node with a namespace. What has ended by itself meanwhile is no error. */
const script = `set -eu
ctr -n k8s.io containers ls -q "labels.\\"io.kubernetes.pod.namespace\\"==$1" |
  while read -r id; do ctr -n k8s.io tasks kill -s SIGKILL "$id" 2>/dev/null || true; done
`;

/**
 * Kills the containers of a namespace where they run. A kubelet that is waiting for a preStop hook takes no notice of a shorter grace, and goes
 * on waiting even when the pod is gone from the API server.
 */
export async function endContainers(
  { nodes, nodeShell }: Pick<KindSandbox, "nodes" | "nodeShell">,
  namespace: string,
): Promise<void> {
  const argv = ["sh", "-c", script, "end-containers", namespace];
  await Promise.all(nodes.map((node) => nodeShell(node, argv)));
}
