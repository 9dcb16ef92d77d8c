import { DockerError } from "../../docker/docker-error.ts";
import type { ContainerState, Docker } from "../../docker/docker.ts";
import { environmentError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import { belongs } from "../belongs.ts";
import { nodesOf } from "./nodes.ts";
import { forgetCluster } from "./sandbox-files.ts";

/**
 * Run inside a node. With cgroup v1, runc freezes a container while it sets its devices up; a node that is killed at that moment leaves a frozen
 * process behind that cannot die, and the engine waits for it in vain. So nobody asks runc for anything more, and it may finish what it is at.
 */
const script = `
pkill -STOP -x 'kubelet|containerd'
tries=0
while pgrep -x runc >/dev/null && [ "$tries" -lt 40 ]; do sleep 0.05; tries=$((tries + 1)); done
`;

/** Prepares a running node for being killed, where its host has cgroup v1. It is of no use after that; a node that cannot be asked stays as it is. */
export async function quietNode(
  docker: Docker,
  { name, status }: Pick<ContainerState, "name" | "status">,
): Promise<void> {
  if (status !== "running" || (await docker.version()).cgroupVersion !== "1") return;
  await docker.exec(name, ["sh", "-c", script], { timeoutMs: 5000 }).catch(() => undefined);
}

/**
 * Removes what there is of a cluster, made whole or half: nodes with their volumes, everything that was started on its network, the network, our
 * files. A container that was only connected, such as the one that this program runs in, is taken off the network.
 */
export async function removeCluster(rt: Runtime, name: string): Promise<boolean> {
  const docker = await rt.docker();
  const nodes = await nodesOf(docker, name);
  const guests = await docker.containers({ network: name });
  await Promise.all(nodes.map((node) => quietNode(docker, node)));
  const others = guests.filter((guest) => !nodes.some((node) => node.id === guest.id));
  const found = others.length === 0 ? undefined : await docker.network(name);
  const foreign = others.filter((guest) => !belongs(guest, found, name));
  const own = others.filter((guest) => !foreign.includes(guest));
  const names = [...nodes, ...own].map((one) => one.name);
  await Promise.all([
    ...names.map((one) => docker.remove(one)),
    ...foreign.map((one) => docker.disconnect(name, one.id)),
  ]);
  let network = false;
  // The engine may still count a container that is just gone.
  const removed = await poll(
    async () => {
      try {
        network = (await docker.removeNetwork(name)) || network;
        return { done: true, value: true };
      } catch (error) {
        if (error instanceof DockerError && error.unreachable) throw error;
        return { done: false, seen: error instanceof Error ? error.message : String(error) };
      }
    },
    { clock: rt.clock, signal: rt.signal, withinMs: 10_000, everyMs: 200 },
  );
  if (!removed.ok) {
    throw environmentError(`Docker network ${name} could not be removed: ${removed.seen}`, {
      cure: `docker network inspect ${name}`,
    });
  }
  await forgetCluster(rt, name);
  return names.length > 0 || network;
}
