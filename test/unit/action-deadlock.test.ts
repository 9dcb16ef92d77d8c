import { expect, test } from "vitest";
import { deadlock } from "../../src/experiments/actions/deadlock.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const params = deadlock.params.parse({ workload: "deployment/payments", hold: "60s" });

function scene(pods: (seconds: number) => KubeObject[], status = 200) {
  const calls: string[] = [];
  const rt = fakeRuntime();
  const start = rt.clock.now();
  const agent = fakeAgent({
    request: async ({ url, method }) => {
      const { host, pathname, search } = new URL(url);
      calls.push(`${method} ${host}${pathname}${search}`);
      return fakeAnswer({ status, body: "{}" });
    },
  });
  const objects = () => fakeKube([fakeDeployment("payments", 2), ...pods((rt.clock.now() - start) / 1000)]);
  const kube = fakeKube([], { get: (ref) => objects().get(ref), list: (query) => objects().list(query) });
  return { calls, context: fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube, agent }) }) };
}

test("wedges the first ready pod by name until its container was restarted", async () => {
  const { calls, context } = scene((now) => [
    fakePod("c", { ip: "10.244.0.3" }),
    fakePod("b", { ip: "10.244.0.2", restarts: now >= 30 ? 1 : 0, ready: now < 15 }),
    fakePod("a", { ip: "10.244.0.1", ready: false }),
  ]);
  expect(await deadlock.run?.(params, context)).toMatchObject({
    finished: true,
    detail: "b restarted 30.0 s after the deadlock",
    targets: ["b"],
    data: { seconds: 30 },
  });
  expect(calls).toEqual(["GET 10.244.0.2:9091/admin/ping", "POST 10.244.0.2:9091/admin/deadlock?for=90000ms"]);
});

test("counts a replaced pod as restarted", async () => {
  const { context } = scene((now) => [now < 10 ? fakePod("a") : fakePod("z")]);
  expect(await deadlock.run?.(params, context)).toMatchObject({ finished: true, data: { seconds: 10 } });
});

test("is not finished when nothing restarts the pod, and releases it", async () => {
  const { calls, context } = scene(() => [fakePod("a", { ready: true, ip: "10.244.0.1" })]);
  expect(await deadlock.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "nothing restarted within 60 s of the deadlock: pod/a is ready, 0 restarts",
    targets: ["a"],
  });
  expect(calls.at(-1)).toBe("POST 10.244.0.1:9091/admin/deadlock?for=0s");
});

test("is not finished without enough ready pods", async () => {
  const { calls, context } = scene(() => [fakePod("a", { ready: false })]);
  expect(await deadlock.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "deployment/payments has 0 ready pods, 1 are needed",
  });
  expect(calls).toEqual([]);
});

test("is an error when the pod's admin port does not know us", async () => {
  const { calls, context } = scene(() => [fakePod("a")], 401);
  await expect(deadlock.run?.(params, context)).rejects.toMatchObject({ exitCode: 3 });
  expect(calls).toHaveLength(1);
});
