import type { Docker } from "../docker/docker.ts";
import { labelKeys } from "../images/labels.ts";
import type { Runtime } from "../runtime.ts";
import { isOfHome } from "./home-id.ts";
import { allProviders } from "./providers.ts";
import type { Provider } from "./sandbox.ts";

/** A sandbox of any home on this engine. */
export interface FoundSandbox {
  readonly name: string;
  readonly provider: Provider;
  /** True when it belongs to this home. */
  readonly mine: boolean;
  /** The state folder of the home that made it, as its maker saw it; undefined where version 0.1 made it. */
  readonly home: string | undefined;
  /** Parked ones wait, paused, for the next lab of their home; a stopped one may still have a lab in it, as after a reboot. */
  readonly state: "running" | "parked" | "stopped";
}

async function stateOf(docker: Docker, network: string): Promise<FoundSandbox["state"]> {
  const statuses = (await docker.containers({ network })).map(({ status }) => status);
  if (statuses.some((status) => status === "running" || status === "restarting")) return "running";
  return statuses.length > 0 && statuses.every((status) => status === "paused") ? "parked" : "stopped";
}

/** The sandboxes of this home, or of all homes and users of this engine. */
export async function findSandboxes(rt: Runtime, scope: "home" | "all"): Promise<readonly FoundSandbox[]> {
  const docker = await rt.docker();
  const found: FoundSandbox[] = [];
  for (const provider of await allProviders()) {
    for (const name of await provider.list(rt, scope)) {
      const [network, state] = await Promise.all([docker.network(name), stateOf(docker, name)]);
      found.push({ name, provider, mine: isOfHome(rt, name), home: network?.labels[labelKeys.homePath], state });
    }
  }
  return found;
}

/** A sandbox with its home and state, as people are told: "labs-1a2b3c (running, of /home/ann/.local/state/labs)". */
export function namedSandbox({ name, home, state }: FoundSandbox): string {
  return `${name} (${state}, of ${home ?? "an unknown home"})`;
}
