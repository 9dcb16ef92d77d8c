import { chmod } from "node:fs/promises";
import type { Runtime } from "../../runtime.ts";
import { homeId } from "../home-id.ts";
import { labelKeys } from "../sandbox.ts";
import { workersOf } from "./cluster-name.ts";
import { kindConfig } from "./kind-config.ts";
import { clusterKubeconfig } from "./sandbox-files.ts";
import type { KindTools } from "./tools.ts";

const CREATE_TIMEOUT_MS = 5 * 60_000;

/** Runs `kind` so that it can neither read nor write any kubeconfig but the given one. */
export function kindEnv(kubeconfig: string, network: string): Record<string, string> {
  return { KUBECONFIG: kubeconfig, KIND_EXPERIMENTAL_DOCKER_NETWORK: network };
}

/** Creates network and nodes, and returns the cluster's kubeconfig. Nodes need not be ready yet. */
export async function createCluster(
  rt: Runtime,
  name: string,
  tools: KindTools,
  note: (text: string) => void,
): Promise<string> {
  const docker = await rt.docker();
  const { cgroupVersion } = await docker.version();
  const labels = { [labelKeys.home]: homeId(rt), [labelKeys.sandbox]: name };
  const network = await docker.createNetwork({ name, labels, internal: false });
  const kubeconfig = await clusterKubeconfig(rt, name, network.id);
  const config = kindConfig({ workers: workersOf(name), nodeImage: tools.nodeImage, cgroupVersion });
  await rt.exec([tools.kind, "create", "cluster", "--name", name, "--kubeconfig", kubeconfig, "--config", "-"], {
    input: config,
    env: kindEnv(kubeconfig, name),
    timeoutMs: CREATE_TIMEOUT_MS,
    onLine: (line) => {
      const step = /^ (?:•|✓) (.*?)\s*(?:\.\.\.)?\s*$/.exec(line)?.[1];
      if (step !== undefined) note(step.replace(/[^\p{L}\p{N}\p{P} ]/gu, "").trim());
    },
  });
  await chmod(kubeconfig, 0o600);
  return kubeconfig;
}
