import type { Docker } from "../../docker/docker.ts";
import { labelKeys } from "../../images/labels.ts";
import type { Runtime } from "../../runtime.ts";
import { homeId } from "../home-id.ts";
import type { DockerSandbox, Provider } from "../sandbox.ts";
import { dockerAgent } from "./agent.ts";
import { ensureAgent } from "./ensure-agent.ts";
import { ensureNetwork } from "./ensure-network.ts";
import { removeSandbox } from "./remove-sandbox.ts";
import { dockerSandboxName, isDockerSandboxName } from "./sandbox-name.ts";

async function withAgent(rt: Runtime, docker: Docker, name: string): Promise<DockerSandbox> {
  const { container, token } = await ensureAgent(rt, docker, name);
  return { name, network: name, docker, agent: dockerAgent(docker, container, token) };
}

/** Sandboxes that are one internal Docker network with containers on it. */
export const dockerProvider: Provider<DockerSandbox> = {
  name: "docker",
  nameFor: (rt) => dockerSandboxName(rt),
  async prepare(rt, _topology, note) {
    const docker = await rt.docker();
    const name = dockerSandboxName(rt);
    const created = await ensureNetwork(rt, docker, name);
    note(created ? `network ${name} made` : `network ${name} is there`);
    return { sandbox: await withAgent(rt, docker, name), created, settled: Promise.resolve() };
  },
  async open(rt, name) {
    const docker = await rt.docker();
    if ((await docker.network(name)) === undefined) return undefined;
    await ensureNetwork(rt, docker, name);
    return withAgent(rt, docker, name);
  },
  async park(rt, name) {
    await removeSandbox(rt, await rt.docker(), name);
    return false;
  },
  async remove(rt, name) {
    return removeSandbox(rt, await rt.docker(), name);
  },
  async list(rt, scope) {
    const docker = await rt.docker();
    const label = scope === "all" ? labelKeys.home : `${labelKeys.home}=${homeId(rt)}`;
    const [networks, containers] = await Promise.all([docker.networks(label), docker.containers({ label })]);
    // Containers too: a network that was removed by hand leaves stopped ones behind.
    const names = [...networks, ...containers].map(({ labels }) => labels[labelKeys.sandbox] ?? "");
    return [...new Set(names)].filter(isDockerSandboxName).sort();
  },
};
