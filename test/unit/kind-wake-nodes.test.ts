import { expect, it } from "vitest";
import { DockerError } from "../../src/docker/docker-error.ts";
import type { ContainerState } from "../../src/docker/docker.ts";
import { PortTakenError, wakeNodes } from "../../src/sandbox/kind/nodes.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";

async function wakeAll(nodes: readonly ContainerState[]): Promise<[boolean, ...string[]]> {
  const done: string[] = [];
  const docker = fakeDocker([], {
    unpause: async (name) => void done.push(`unpause ${name}`),
    start: async (name) => void done.push(`start ${name}`),
    neverRestart: async (name) => void done.push(`never restart ${name}`),
  });
  return [await wakeNodes({ program: "labs" }, docker, nodes), ...done];
}

async function wake(...statuses: ContainerState["status"][]): Promise<[boolean, ...string[]]> {
  return wakeAll(statuses.map((status, index) => fakeContainer({ name: `n${index}`, status })));
}

it("leaves a cluster that is awake alone, and says so", async () => {
  expect(await wake("running", "running")).toEqual([false]);
});

it("wakes each node by what befell it, and says that the cluster slept", async () => {
  expect(await wake("running", "paused", "exited")).toEqual([true, "unpause n1", "start n2"]);
  expect(await wake("restarting")).toEqual([true]);
});

it("takes kind's restart policy off nodes that still have it, once they are awake", async () => {
  const nodes = [
    fakeContainer({ name: "n0", restart: "on-failure" }),
    fakeContainer({ name: "n1", status: "paused", restart: "on-failure" }),
    fakeContainer({ name: "n2", status: "exited" }),
  ];
  expect(await wakeAll(nodes)).toEqual([true, "unpause n1", "start n2", "never restart n0", "never restart n1"]);
});

it.each([
  "driver failed programming external connectivity on endpoint n0 (1f): Error starting userland proxy: listen tcp4 127.0.0.1:40001: bind: address already in use",
  "driver failed programming external connectivity on endpoint n0 (1f): Bind for 127.0.0.1:40001 failed: port is already allocated",
  "failed to set up container networking: failed to bind host port 127.0.0.1:40001/tcp: address already in use",
  "Ports are not available: exposing port TCP 127.0.0.1:40001 -> 127.0.0.1:0: /forwards/expose returned unexpected status: 500",
])("names the port that another program took: %s", async (said) => {
  const docker = fakeDocker([], {
    start: async () => Promise.reject(new DockerError(`docker start n0: ${said}`, { status: 500 })),
  });
  const waking = wakeNodes({ program: "labs" }, docker, [fakeContainer({ name: "n0", status: "exited" })]);
  await expect(waking).rejects.toBeInstanceOf(PortTakenError);
  await expect(waking).rejects.toMatchObject({
    exitCode: 3,
    message: "n0 cannot run again: another program has taken its port 127.0.0.1:40001",
    cure: "end that program (sudo ss -ltnp 'sport = :40001' names it), or give the cluster up: labs stop, then start again",
  });
});

it("leaves other failures to start a node as they are", async () => {
  const error = new DockerError("docker start n0: no space left on device", { status: 500 });
  const docker = fakeDocker([], { start: async () => Promise.reject(error) });
  const nodes = [fakeContainer({ name: "n0", status: "exited" })];
  await expect(wakeNodes({ program: "labs" }, docker, nodes)).rejects.toBe(error);
});
