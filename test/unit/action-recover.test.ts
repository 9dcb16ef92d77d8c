import { expect, test } from "vitest";
import { recover } from "../../src/experiments/actions/recover.ts";
import { roll } from "../../src/experiments/actions/roll.ts";
import { scale } from "../../src/experiments/actions/scale.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

function scene(objects: (seconds: number) => KubeObject[]) {
  const patches: unknown[] = [];
  const rt = fakeRuntime();
  const start = rt.clock.now();
  const now = () => fakeKube(objects((rt.clock.now() - start) / 1000));
  const kube = fakeKube([], {
    get: (ref) => now().get(ref),
    list: (query) => now().list(query),
    patch: async (ref, patch, type, subresource) => {
      patches.push([ref.kind, ref.name, patch, type, subresource]);
      return fakeDeployment("payments", 1);
    },
  });
  return { patches, context: fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube }) }) };
}

const within = (ms: string) => ({ workload: "deployment/payments", within: ms });

test("recover says how long it took until all pods were ready", async () => {
  const { context } = scene((now) => [fakeDeployment("payments", 2), fakePod("a", { ready: now >= 4 }), fakePod("b")]);
  expect(await recover.run?.(recover.params.parse(within("15s")), context)).toMatchObject({
    finished: true,
    detail: "all 2 of deployment/payments ready after 4.0 s",
    data: { seconds: 4 },
    targets: ["a", "b"],
  });
});

test("recover says what it saw last when time is over", async () => {
  const { context } = scene(() => [fakeDeployment("payments", 1), fakePod("a", { ready: false, restarts: 3 })]);
  expect(await recover.run?.(recover.params.parse(within("15s")), context)).toMatchObject({
    finished: false,
    detail: "after 15 s: pod/a is not ready (Running), 3 restarts",
    data: { seconds: 15 },
  });
});

test("roll is over when the last old pod is gone", async () => {
  const { context, patches } = scene((now) => {
    if (now < 3) return [fakeDeployment("payments", 1), fakePod("old")];
    if (now < 6) return [fakeDeployment("payments", 1), fakePod("old", { terminating: true }), fakePod("new")];
    return [fakeDeployment("payments", 1), fakePod("new")];
  });
  expect(await roll.run?.(roll.params.parse(within("60s")), context)).toMatchObject({
    finished: true,
    detail: "deployment/payments rolled in 6.0 s",
    targets: ["new"],
  });
  const annotations = { "dev.labs/rolled-at": "2026-01-01T00:00:00.000Z" };
  const patch = { spec: { template: { metadata: { annotations } } } };
  expect(patches).toEqual([["Deployment", "payments", patch, "strategic", undefined]]);
});

test("roll is not finished while an old pod is all there is", async () => {
  const { context } = scene(() => [fakeDeployment("payments", 1), fakePod("old")]);
  expect(await roll.run?.(roll.params.parse(within("10s")), context)).toMatchObject({
    finished: false,
    detail: "not rolled after 10 s: 1 old pods are still there",
  });
});

test("scale writes the old number down first", async () => {
  const { context, patches } = scene((now) => [
    fakeDeployment("payments", now === 0 ? 1 : 2),
    fakePod("a"),
    ...(now >= 2 ? [fakePod("b")] : []),
  ]);
  const params = scale.params.parse({ workload: "deployment/payments", replicas: 2 });
  expect(await scale.run?.(params, context)).toMatchObject({
    finished: true,
    targets: ["a", "b"],
    data: { seconds: 2 },
  });
  expect(context.noted.opened).toMatchObject([
    { undo: "scale-back", params: { kind: "Deployment", name: "payments", namespace: "shop", replicas: 1 } },
  ]);
  expect(patches).toEqual([["Deployment", "payments", { spec: { replicas: 2 } }, "merge", "scale"]]);
});

test("scale adds to what there is", async () => {
  const { context, patches } = scene((now) => [
    fakeDeployment("payments", now === 0 ? 1 : 3),
    ...["a", "b", "c"].map((name) => fakePod(name)),
  ]);
  const params = scale.params.parse({ workload: "deployment/payments", by: 2 });
  expect(await scale.run?.(params, context)).toMatchObject({ finished: true, targets: ["a", "b", "c"] });
  expect(patches).toEqual([["Deployment", "payments", { spec: { replicas: 3 } }, "merge", "scale"]]);
  expect(scale.params.safeParse({ workload: "deployment/payments", by: 2, replicas: 3 }).success).toBe(false);
  expect(scale.params.safeParse({ workload: "deployment/payments" }).success).toBe(false);
});

test("scale does not take a workload without replicas", () => {
  expect(scale.params.safeParse({ workload: "daemonset/agent", replicas: 2 }).success).toBe(false);
});
