import { rm } from "node:fs/promises";
import type { Docker } from "../../docker/docker.ts";
import { poll } from "../../lib/poll.ts";
import type { ClusterTopology } from "../../lab/topology.ts";
import { withSignal, type Runtime } from "../../runtime.ts";
import { createFreeNetwork } from "../../setup/address-range.ts";
import { networkLabels } from "../home-id.ts";
import { ApiOutOfReachError } from "./api-contact.ts";
import { kindConfig } from "./kind-config.ts";
import { nodesOf } from "./nodes.ts";
import { clusterKubeconfig } from "./sandbox-files.ts";
import type { KindTools } from "./tools.ts";

const CREATE_TIMEOUT_MS = 5 * 60_000;

/** Runs `kind` so that it can neither read nor write any kubeconfig but the given one, and on Docker whatever the user's own kind runs on. */
function kindEnv(kubeconfig: string, network: string): Record<string, string> {
  return { KUBECONFIG: kubeconfig, KIND_EXPERIMENTAL_DOCKER_NETWORK: network, KIND_EXPERIMENTAL_PROVIDER: "docker" };
}

/** What its maker does while kind works. */
export interface CreateEvents<T> {
  readonly note: (text: string) => void;
  /** Begun once the nodes are there; nothing may run on them yet. With a runtime that is interrupted where kind fails, and the network's id. */
  readonly onNodes: (rt: Runtime, networkId: string) => Promise<T>;
}

/** How kind calls the step before which the nodes are there. */
const AFTER_NODES = "Starting control-plane";

/**
 * Waits, up to 3 s, for nodes that the engine was asked for by a kind that is no longer there. It makes them all the same, and whoever removes the
 * cluster before that leaves them behind.
 */
async function stragglers(rt: Runtime, docker: Docker, name: string, workers: number): Promise<void> {
  await poll(
    async () => {
      const { length } = await nodesOf(docker, name);
      return length > workers ? { done: true, value: length } : { done: false, seen: `${length} nodes` };
    },
    // Not to be cut short by the signal that made it necessary.
    { clock: rt.clock, signal: new AbortController().signal, withinMs: 3000, everyMs: 100 },
  );
}

/**
 * Creates network and nodes, and returns what was begun meanwhile. Nodes need not be ready yet. Ends kind at once, and throws its error, where
 * what was begun finds the cluster out of reach.
 */
export async function createCluster<T>(
  rt: Runtime,
  name: string,
  { workers }: ClusterTopology,
  tools: KindTools,
  { note, onNodes }: CreateEvents<T>,
): Promise<{ readonly begun: Promise<T> }> {
  const docker = await rt.docker();
  const { cgroupVersion } = await docker.version();
  const labels = networkLabels(rt, name);
  const network = await createFreeNetwork(rt, docker, { name, labels, internal: false });
  // Not the file that we use: kind knows one way to the API server only.
  const kubeconfig = `${await clusterKubeconfig(rt, name, network.id)}.kind`;
  const config = kindConfig({ workers, nodeImage: tools.nodeImage, cgroupVersion });
  const failed = new AbortController();
  const useless = new AbortController();
  let outOfReach: ApiOutOfReachError | undefined;
  const whileItWorks = withSignal(rt, AbortSignal.any([rt.signal, failed.signal]));
  let begun: Promise<T> | undefined;
  const begin = (): Promise<T> => {
    begun ??= onNodes(whileItWorks, network.id);
    // When kind fails first, this promise is never awaited, and its error must not end the program.
    begun.catch((error: unknown) => {
      if (!(error instanceof ApiOutOfReachError)) return;
      outOfReach = error;
      useless.abort();
    });
    return begun;
  };
  try {
    await rt.exec([tools.kind, "create", "cluster", "--name", name, "--kubeconfig", kubeconfig, "--config", "-"], {
      input: config,
      env: kindEnv(kubeconfig, name),
      timeoutMs: CREATE_TIMEOUT_MS,
      signal: AbortSignal.any([rt.signal, useless.signal]),
      onLine: (line) => {
        const step = /^ (?:•|✓) (.*?)\s*(?:\.\.\.)?\s*$/.exec(line)?.[1];
        if (step === undefined) return;
        const text = step.replace(/[^\p{L}\p{N}\p{P} ]/gu, "").trim();
        note(text);
        if (text === AFTER_NODES) void begin();
      },
    });
  } catch (error) {
    failed.abort();
    if (rt.signal.aborted && begun === undefined) await stragglers(rt, docker, name, workers);
    throw outOfReach !== undefined && !rt.signal.aborted ? outOfReach : error;
  } finally {
    await rm(kubeconfig, { force: true });
  }
  // Whatever kind calls its steps, they are there now.
  return { begun: begin() };
}
