import type { ContainerState, Docker } from "../../docker/docker.ts";

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
