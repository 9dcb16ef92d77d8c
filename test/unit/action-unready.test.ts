import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { unready } from "../../src/experiments/actions/unready.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSlice, type FakeEndpoint } from "../fakes/slices.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const params = unready.params.parse({ workload: "deployment/payments", service: "payments" });

function scene(endpoints: (seconds: number) => FakeEndpoint[], status = 200) {
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
  const pods = [fakePod("a", { ip: "10.244.0.1" }), fakePod("b", { ip: "10.244.0.2" }), fakePod("c", { ready: false })];
  const objects = (): KubeObject[] => [
    fakeDeployment("payments", 2),
    ...pods,
    fakeSlice("payments", endpoints((rt.clock.now() - start) / 1000)),
  ];
  const kube = fakeKube([], {
    get: (ref) => fakeKube(objects()).get(ref),
    list: (query) => fakeKube(objects()).list(query),
  });
  return { calls, context: fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube, agent }) }) };
}

const a = { ip: "10.244.0.1", pod: "a" };
const b = { ip: "10.244.0.2", pod: "b" };
const asked = "POST 10.244.0.1:9091/admin/ready?value=false&for=25000ms";
const ended = "POST 10.244.0.1:9091/admin/ready?value=true";

test("waits until the pod has left the ready addresses, and ends it", async () => {
  const { calls, context } = scene((now) => [{ ...a, ready: now < 4 }, b]);
  expect(await unready.run?.(params, context)).toMatchObject({
    finished: true,
    detail: "a left service/payments after 4.0 s",
    targets: ["a"],
    data: { seconds: 4 },
  });
  expect(calls).toEqual([asked, ended]);
});

test("is not finished while the Service still leads there", async () => {
  const { calls, context } = scene(() => [a, b]);
  expect(await unready.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "service/payments still leads to a 15 s after it said that it is not ready",
    targets: ["a"],
    data: { seconds: 15 },
  });
  expect(calls).toEqual([asked, ended]);
});

test("an address without a pod counts as well", async () => {
  const { context } = scene(() => [{ ip: "10.244.0.1" }]);
  expect(await unready.run?.(params, context)).toMatchObject({ finished: false, targets: ["a"] });
});

test("is not finished where the Service knows too few pods, and asks nobody", async () => {
  const { calls, context } = scene(() => [{ ...a, ready: false }]);
  expect(await unready.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "service/payments leads to 0 ready pods of deployment/payments, 1 are needed",
  });
  expect(calls).toEqual([]);
});

test("is an error when the admin port does not know us", async () => {
  const { context } = scene(() => [a, b], 401);
  await expect(unready.run?.(params, context)).rejects.toMatchObject({ exitCode: 3 });
});

test("must not end by itself before it must be noticed", () => {
  const short = { workload: "deployment/payments", service: "payments", for: "10s", within: "15s" };
  expect(unready.params.safeParse(short).success).toBe(false);
});

test("when one pod refuses, the request to the other has landed before both are released", async () => {
  const calls: string[] = [];
  const agent = fakeAgent({
    request: async ({ url }) => {
      const { host, search } = new URL(url);
      const asks = search.startsWith("?value=false");
      if (asks && host.startsWith("10.244.0.1")) return fakeAnswer({ status: 500, body: "{}" });
      if (asks) await setTimeout(20);
      calls.push(`${asks ? "ask" : "release"} ${host}`);
      return fakeAnswer({ status: 200, body: "{}" });
    },
  });
  const kube = fakeKube([
    fakeDeployment("payments", 2),
    fakePod("a", { ip: "10.244.0.1" }),
    fakePod("b", { ip: "10.244.0.2" }),
    fakeSlice("payments", [a, b]),
  ]);
  const context = fakeActionContext({ rt: fakeRuntime(), sandbox: fakeKindSandbox({ kube, agent }) });
  await expect(unready.run?.({ ...params, pods: 2 }, context)).rejects.toThrow("a did not accept POST");
  expect(calls).toEqual(["ask 10.244.0.2:9091", "release 10.244.0.1:9091", "release 10.244.0.2:9091"]);
});
