import { expect, test } from "vitest";
import { reach } from "../../src/experiments/actions/reach.ts";
import type { LoadResult, LoadSpec } from "../../src/sandbox/agent/load-agent.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeLoadResult } from "../fakes/agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const params = reach.params.parse({ workload: "deployment/payments", service: "payments", within: "10s" });

function scene(results: readonly Partial<LoadResult>[], ready = true) {
  const specs: LoadSpec[] = [];
  const agent = fakeAgent({
    start: async (spec) => void specs.push(spec),
    stop: async (id) => fakeLoadResult({ id, ...results[Math.min(specs.length, results.length) - 1] }),
  });
  const pods = [fakePod("a", { ready }), fakePod("b", { ready }), fakePod("c", { ready: false })];
  const kube = fakeKube([fakeDeployment("payments", 3), ...pods, fakePod("x", { app: "search" })]);
  return { specs, context: fakeActionContext({ rt: fakeRuntime(), sandbox: fakeKindSandbox({ kube, agent }) }) };
}

const even = { byPod: { a: 45, b: 55 } };

test("sends new connections with proof, for each ready pod", async () => {
  const { specs, context } = scene([even]);
  expect(await reach.run?.(params, context)).toMatchObject({
    finished: true,
    detail: "service/payments reaches all 2 pods of deployment/payments after 1.2 s",
    targets: ["a", "b"],
    data: { seconds: 1.2, byPod: even.byPod },
  });
  expect(specs).toMatchObject([
    {
      url: "http://payments.shop.svc.cluster.local.:80/version",
      connections: "new",
      rate: 100,
      nonce: true,
      key: "t0ken",
      maxMs: 11_200,
    },
  ]);
});

test("tries again until every pod has answered its share", async () => {
  const { specs, context } = scene([{ byPod: { a: 100 } }, { byPod: { a: 80, b: 20 } }, even]);
  expect(await reach.run?.(params, context)).toMatchObject({ finished: true });
  expect(specs).toHaveLength(3);
});

test.each<[string, Partial<LoadResult>]>([
  ["b answered 20 of 100 requests", { byPod: { a: 80, b: 20 } }],
  ["x answered too", { byPod: { a: 40, b: 40, x: 20 } }],
  ["100 sent, 3 failed (3 proof)", { ok: 97, failed: 3, byKind: { proof: 3 }, byPod: { a: 50, b: 50 } }],
  ["0 sent, 0 failed", { sent: 0, ok: 0 }],
])("is not finished while %s", async (seen, result) => {
  const { context } = scene([result]);
  expect(await reach.run?.(params, context)).toMatchObject({
    finished: false,
    detail: `service/payments after 10 s: ${seen}`,
  });
});

test("is not finished without a ready pod, and sends nothing", async () => {
  const { specs, context } = scene([], false);
  expect(await reach.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "service/payments after 10 s: deployment/payments has no ready pod",
  });
  expect(specs).toEqual([]);
});
