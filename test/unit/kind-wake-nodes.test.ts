import { expect, it } from "vitest";
import type { ContainerState } from "../../src/docker/docker.ts";
import { wakeNodes } from "../../src/sandbox/kind/nodes.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";

async function wake(...statuses: ContainerState["status"][]): Promise<[boolean, ...string[]]> {
  const done: string[] = [];
  const docker = fakeDocker([], {
    unpause: async (name) => void done.push(`unpause ${name}`),
    start: async (name) => void done.push(`start ${name}`),
  });
  const nodes = statuses.map((status, index) => fakeContainer({ name: `n${index}`, status }));
  return [await wakeNodes(docker, nodes), ...done];
}

it("leaves a cluster that is awake alone, and says so", async () => {
  expect(await wake("running", "running")).toEqual([false]);
});

it("wakes each node by what befell it, and says that the cluster slept", async () => {
  expect(await wake("running", "paused", "exited")).toEqual([true, "unpause n1", "start n2"]);
  expect(await wake("restarting")).toEqual([true]);
});
