import { describe, expect, test } from "vitest";
import { load } from "../../src/experiments/actions/load.ts";
import { traffic } from "../../src/experiments/actions/traffic.ts";
import { mergeLoads } from "../../src/experiments/load.ts";
import type { LoadAgent, LoadSpec } from "../../src/sandbox/agent/load-agent.ts";
import type { Sandbox } from "../../src/sandbox/sandbox.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer, fakeLoadResult } from "../fakes/agent.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const counters = (nrPeriods: number) =>
  JSON.stringify({
    cpu: { quotaMicros: 100_000, periodMicros: 100_000, nrPeriods, nrThrottled: 0, throttledMicros: 0, usageMicros: 5 },
    hostIdleMicros: nrPeriods * 70_000,
    gomaxprocs: 16,
    numCPU: 2,
    at: "2026-01-01T00:00:00Z",
  });

function scene(sandboxOf: (agent: LoadAgent) => Sandbox, request: (n: number) => string = (n) => counters(n * 100)) {
  const specs: LoadSpec[] = [];
  const calls: string[] = [];
  const rt = fakeRuntime();
  const start = rt.clock.now();
  const note = (text: string): void => void calls.push(`${(rt.clock.now() - start) / 1000} ${text}`);
  let requests = 0;
  const agent = fakeAgent({
    start: async (spec) => void specs.push(spec),
    read: async (id) => fakeLoadResult({ id, sent: rt.clock.now() - start >= 1000 ? 5 : 0 }),
    stop: async (id) => {
      note("stop");
      return fakeLoadResult({ id });
    },
    request: async ({ url }) => {
      note(url);
      requests += 1;
      return fakeAnswer({ body: request(requests) });
    },
  });
  return { specs, calls, context: fakeActionContext({ rt, sandbox: sandboxOf(agent) }) };
}

const env = { ADMIN_TOKEN: "t0ken" };
const docker = (agent: LoadAgent): Sandbox =>
  fakeDockerSandbox({ agent, docker: fakeDocker([fakeContainer({ name: "labs-abc123-api", env })]) });
const cluster = (agent: LoadAgent): Sandbox =>
  fakeKindSandbox({
    agent,
    kube: fakeKube([
      fakeDeployment("payments", 2),
      fakePod("a", { ip: "10.244.0.1" }),
      fakePod("b", { ip: "10.244.0.2" }),
      fakePod("c", { ip: "10.244.0.3", ready: false }),
    ]),
  });

describe("load", () => {
  test("runs for the time given, with the CPU read at both ends of it", async () => {
    const { specs, calls, context } = scene(docker);
    const params = load.params.parse({ to: "container/api", path: "/burn", rate: 3, for: "30s", name: "steady" });
    const outcome = await load.run?.(params, context);
    expect(specs).toMatchObject([
      { url: "http://labs-abc123-api:8080/burn", rate: 3, connections: "kept", timeoutMs: 5000, maxMs: 60_000 },
    ]);
    const cgroup = "http://labs-abc123-api:9091/admin/cgroup";
    expect(calls).toEqual([`1 ${cgroup}`, `31 ${cgroup}`, "31 stop"]);
    expect(outcome).toMatchObject({
      finished: true,
      detail: "100 sent, 0 failed",
      targets: ["api"],
      traffic: { steady: { id: "steady", sent: 100 } },
      cpu: [
        {
          target: "api",
          before: { nrPeriods: 100, hostIdleMicros: 7_000_000, gomaxprocs: 16 },
          after: { nrPeriods: 200, hostIdleMicros: 14_000_000 },
        },
      ],
    });
  });

  test("goes to each ready pod of a workload, and adds up", async () => {
    const { specs, context } = scene(cluster);
    const params = load.params.parse({ to: "deployment/payments", rate: 150, for: "10s", proof: true });
    const outcome = await load.run?.(params, context);
    expect(specs.map(({ url, rate, nonce, key }) => [url, rate, nonce, key])).toEqual([
      ["http://10.244.0.1:8080/", 100, true, "t0ken"],
      ["http://10.244.0.2:8080/", 100, true, "t0ken"],
    ]);
    expect(outcome?.traffic?.["load"]).toMatchObject({ sent: 200 });
  });

  test("leaves out the CPU of what was restarted meanwhile", async () => {
    const containers = [fakeContainer({ name: "labs-abc123-api", env })];
    const { context } = scene(
      (agent) => fakeDockerSandbox({ agent, docker: fakeDocker(containers) }),
      () => {
        containers[0] = fakeContainer({ name: "labs-abc123-api", env, startedAt: "2026-01-01T00:00:09Z" });
        return counters(1);
      },
    );
    const outcome = await load.run?.(load.params.parse({ to: "container/api", rate: 1, for: "10s" }), context);
    expect(outcome?.cpu).toEqual([]);
    expect(outcome?.detail).toBe("100 sent, 0 failed; restarted meanwhile: container/api api");
  });

  test.each([0, -3600_000, 3600_000])("tells its seconds in our time when our clock is %s ms ahead", async (ahead) => {
    const clock = fakeClock();
    // The agent's clock, which nobody sets.
    const there = Date.parse("2026-01-01T00:00:00Z");
    let startedAt = there;
    const agent = fakeAgent({
      start: async () => void (startedAt = there + clock.elapsed()),
      read: async (id) => fakeLoadResult({ id, sent: 5 }),
      stop: async (id) => {
        const second = { t: startedAt / 1000 + 2, ok: 3, failed: 0 };
        return fakeLoadResult({ id, startedAt: new Date(startedAt).toISOString(), seconds: [second] });
      },
      request: async () => fakeAnswer({ body: counters(1) }),
    });
    clock.step(ahead);
    clock.advance(7000);
    const context = fakeActionContext({ rt: fakeRuntime({ clock }), sandbox: docker(agent) });
    const outcome = await load.run?.(load.params.parse({ to: "container/api", rate: 1, for: "10s" }), context);
    expect(outcome?.traffic?.["load"]?.seconds).toEqual([{ t: 9, ok: 3, failed: 0 }]);
  });

  test.each([-1000, 60_000])("lasts its time, with the clock set by %s s while it runs", async (seconds) => {
    const clock = fakeClock();
    const params = load.params.parse({ to: "container/api", rate: 3, for: "30s" });
    const agent = fakeAgent({
      start: async () => undefined,
      read: async (id) => fakeLoadResult({ id, sent: 5 }),
      stop: async (id) => fakeLoadResult({ id }),
      request: async () => {
        clock.step(seconds * 1000);
        return fakeAnswer({ body: counters(1) });
      },
    });
    await load.run?.(params, fakeActionContext({ rt: fakeRuntime({ clock }), sandbox: docker(agent) }));
    expect(clock.elapsed()).toBe(30_000);
  });

  test("has no result when no pod is ready", async () => {
    const { context } = scene((agent) => fakeKindSandbox({ agent }));
    const params = load.params.parse({ to: "deployment/payments", rate: 1, for: "10s" });
    expect(await load.run?.(params, context)).toEqual({
      finished: false,
      detail: "deployment/payments has no ready pod",
    });
  });

  test.each([
    ["GET", { method: "GET" }, {}],
    ["POST", { method: "POST" }, { idempotent: true }],
    ["POST with a body", { method: "POST", body: "[]" }, { body: "[]" }],
    [
      "POST with a body and an id",
      { method: "POST", body: '{"a":1}', idempotent: true },
      { idempotent: true, body: '{"a":1}' },
    ],
  ])("gives a %s the body it needs", async (_, given, body) => {
    const { specs, context } = scene(docker);
    await load.run?.(load.params.parse({ to: "container/api", rate: 1, for: "1s", ...given }), context);
    const { idempotent, body: text } = specs[0] ?? {};
    expect({
      ...(idempotent === undefined ? {} : { idempotent }),
      ...(text === undefined ? {} : { body: text }),
    }).toEqual(body);
  });

  test.each([
    ["neither rate nor concurrency", {}],
    ["both", { rate: 1, concurrency: 1 }],
    ["more than 200 requests a second", { rate: 201 }],
    ["more than 5 minutes", { rate: 1, for: "6m" }],
  ])("refuses %s", (_, given) => {
    expect(load.params.safeParse({ to: "container/api", for: "10s", ...given }).success).toBe(false);
  });
});

describe("traffic", () => {
  test("is steady once requests flow, and ends when told", async () => {
    const { specs, calls, context } = scene(cluster);
    const params = traffic.params.parse({ to: "service/checkout", rate: 20, connections: "new", name: "new" });
    const companion = await traffic.accompany?.(params, context);
    expect(specs).toMatchObject([
      { url: "http://checkout.shop.svc.cluster.local.:80/", connections: "new", maxMs: 300_000 },
    ]);
    await companion?.steady();
    expect(calls).toEqual([]);
    expect(await companion?.end()).toMatchObject({ finished: true, traffic: { new: { id: "new" } }, cpu: [] });
    expect(calls).toEqual(["1 stop"]);
  });

  test("fails when no request gets out of the agent", async () => {
    const { context } = scene(cluster);
    const agent = fakeAgent({ start: async () => undefined, read: async (id) => fakeLoadResult({ id, sent: 0 }) });
    const params = traffic.params.parse({ to: "service/checkout", rate: 20 });
    const companion = await traffic.accompany?.(params, { ...context, sandbox: fakeKindSandbox({ agent }) });
    await expect(companion?.steady()).rejects.toThrow("load load to service/checkout did not start: 0 requests sent");
  });
});

const failure = (at: string) => ({ at, kind: "refused", detail: "" });

test("mergeLoads adds counts and keeps the worst latency", () => {
  const one = fakeLoadResult({
    ok: 98,
    failed: 2,
    byKind: { refused: 2 },
    latencyMs: { p50: 9, p95: 1, p99: 1, max: 1 },
    seconds: [{ t: 0, ok: 1, failed: 1 }],
    firstFailure: failure("2026-01-01T00:00:05Z"),
    completedPerSecond: 10,
  });
  const two = fakeLoadResult({
    endedAt: null,
    state: "running",
    byKind: { refused: 1, eof: 1 },
    seconds: [
      { t: 0, ok: 2, failed: 0 },
      { t: 1, ok: 3, failed: 0 },
    ],
    firstFailure: failure("2026-01-01T00:00:03Z"),
    completedPerSecond: 5,
  });
  expect(mergeLoads("both", [one, two])).toMatchObject({
    id: "both",
    state: "running",
    endedAt: null,
    sent: 200,
    ok: 198,
    failed: 2,
    byKind: { refused: 3, eof: 1 },
    latencyMs: { p50: 9, p95: 2, p99: 3, max: 4 },
    seconds: [
      { t: 0, ok: 3, failed: 1 },
      { t: 1, ok: 3, failed: 0 },
    ],
    firstFailure: { at: "2026-01-01T00:00:03Z" },
    completedPerSecond: 15,
  });
});
