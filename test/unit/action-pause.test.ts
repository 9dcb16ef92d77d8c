import { expect, test } from "vitest";
import { pause } from "../../src/experiments/actions/pause.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import type { ContainerState } from "../../src/docker/docker.ts";

function scene(status: ContainerState["status"]) {
  const paused: string[] = [];
  const container = fakeContainer({ name: "labs-abc123-clients", status });
  const docker = fakeDocker([container], { pause: async (name) => void paused.push(name) });
  return { paused, context: fakeActionContext({ sandbox: fakeDockerSandbox({ docker }) }) };
}

test("freezes a container, which the journal thaws at the end", async () => {
  const { paused, context } = scene("running");
  const companion = await pause.accompany?.(pause.params.parse({ container: "clients" }), context);
  await companion?.steady();
  expect(paused).toEqual(["labs-abc123-clients"]);
  expect(context.noted.opened).toMatchObject([{ undo: "unpause", params: { name: "labs-abc123-clients" } }]);
  // Not by its own end: the control comes after that.
  expect(await companion?.end()).toMatchObject({ finished: true, targets: ["clients"] });
  expect(context.noted.undone).toEqual([]);
});

test("leaves a container alone that is frozen already", async () => {
  const { paused, context } = scene("paused");
  await pause.accompany?.(pause.params.parse({ container: "container/clients" }), context);
  expect(paused).toEqual([]);
  expect(context.noted.opened).toEqual([]);
});

test("is an error when there is nothing to freeze", async () => {
  const { context } = scene("exited");
  await expect(pause.accompany?.(pause.params.parse({ container: "clients" }), context)).rejects.toThrow(
    "container clients cannot be frozen, it is exited",
  );
});
