import { expect, test } from "vitest";
import { cordon } from "../../src/experiments/actions/cordon.ts";
import { uncordon } from "../../src/experiments/undo/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeNode, fakePodOn } from "../fakes/nodes.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

function scene({ taken = true } = {}) {
  const objects = [
    fakeNode("control-plane", { labels: { zone: "a" } }),
    fakeNode("worker2"),
    fakeNode("worker", { labels: { zone: "a" } }),
    fakeNode("worker3", { cordoned: true, labels: { zone: "b" } }),
    fakeDeployment("checkout", 2),
    fakePodOn("worker2", "a"),
    fakePodOn("control-plane", "b"),
  ];
  const patches: unknown[] = [];
  const kube = fakeKube(objects, {
    patch: async (ref, patch, type) => {
      patches.push([ref.kind, ref.name, patch, type]);
      const at = objects.findIndex((one) => one.metadata.name === ref.name);
      const node = fakeNode(ref.name, { cordoned: taken });
      objects.splice(at, 1, node);
      return node;
    },
  });
  const sandbox = fakeKindSandbox({ kube });
  return { patches, sandbox, context: fakeActionContext({ sandbox }) };
}

test.each([
  [{ nodes: 2 }, ["worker", "worker2"]],
  [{ nodesOf: "deployment/checkout" }, ["worker2"]],
  [{ nodesWith: "zone=a" }, ["worker"]],
])("%j closes %j, written down before", async (given, names) => {
  const { patches, context } = scene();
  expect(await cordon.run?.(cordon.params.parse(given), context)).toMatchObject({
    finished: true,
    data: { nodes: names },
  });
  expect(context.noted.opened).toMatchObject(names.map((name) => ({ undo: "uncordon", params: { name } })));
  expect(patches).toEqual(names.map((name) => ["Node", name, { spec: { unschedulable: true } }, "merge"]));
});

test("leaves a node closed that was closed before", async () => {
  const { patches, context } = scene();
  expect(await cordon.run?.(cordon.params.parse({ nodesWith: "zone=b" }), context)).toMatchObject({ finished: true });
  expect([patches, context.noted.opened]).toEqual([[], []]);
});

test.each([
  [{ nodes: 4 }, "there are fewer than 4 worker nodes"],
  [{ nodesOf: "deployment/other" }, "no worker node hosts a pod of deployment/other"],
  [{ nodesWith: "zone=c" }, "no worker node matches zone=c"],
])("%j is not finished: %s", async (given, detail) => {
  const { context } = scene();
  expect(await cordon.run?.(cordon.params.parse(given), context)).toEqual({ finished: false, detail });
});

test("cannot go on before the cluster knows of it", async () => {
  const { context } = scene({ taken: false });
  const run = cordon.run?.(cordon.params.parse({ nodes: 1 }), context);
  await expect(run).rejects.toThrow("worker not tainted yet");
});

test("wants one way to choose nodes", () => {
  expect(cordon.params.safeParse({}).success).toBe(false);
  expect(cordon.params.safeParse({ nodes: 1, nodesWith: "a=b" }).success).toBe(false);
});

test("uncordon opens a closed node, and leaves others alone", async () => {
  const { patches, sandbox } = scene();
  for (const name of ["worker3", "worker", "gone"]) await uncordon.run({ name }, sandbox);
  expect(patches).toEqual([["Node", "worker3", { spec: { unschedulable: null } }, "merge"]]);
});
