import { expect, it } from "vitest";
import type { ContainerState } from "../../src/docker/docker.ts";
import { wakeNodes } from "../../src/sandbox/kind/nodes.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";

async function wakeAll(nodes: readonly ContainerState[]): Promise<[boolean, ...string[]]> {
  const done: string[] = [];
  const docker = fakeDocker([], {
    unpause: async (name) => void done.push(`unpause ${name}`),
    start: async (name) => void done.push(`start ${name}`),
    neverRestart: async (name) => void done.push(`never restart ${name}`),
  });
  return [await wakeNodes(docker, nodes), ...done];
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
