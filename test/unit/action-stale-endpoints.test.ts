import { describe, expect, test } from "vitest";
import { deletedAt, staleEndpoints } from "../../src/experiments/actions/stale-endpoints.ts";
import { hold } from "../../src/lib/poll.ts";
import type { KubeObject, WatchEvent } from "../../src/kube/kube.ts";
import type { LoadResult, LoadSpec } from "../../src/sandbox/agent/load-agent.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeLoadResult } from "../fakes/agent.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { type PodParts, fakePod } from "../fakes/workloads.ts";

const start = Date.parse("2026-01-01T00:00:00Z");
const at = (seconds: number): string => new Date(start + seconds * 1000).toISOString();

/** A pod whose deletion, of which the API server keeps whole seconds, is written down with 30 s of grace. */
function leaving(name: string, second: number, parts: PodParts = {}): KubeObject {
  const pod = fakePod(name, { ...parts, terminating: true });
  const deletion = { deletionTimestamp: at(second + 30), deletionGracePeriodSeconds: 30 };
  return { ...pod, metadata: { ...pod.metadata, ...deletion } };
}

const params = staleEndpoints.params.parse({ name: "late", workload: "deployment/payments", path: "/slow", for: "9s" });

/** A cluster of pods that the test changes, and an agent that gives these results by host. */
function scene(results: Readonly<Record<string, Partial<LoadResult>>> = {}) {
  const clock = fakeClock();
  const rt = fakeRuntime({ clock });
  const calls: string[] = [];
  const specs: LoadSpec[] = [];
  const seconds = (): number => clock.elapsed() / 1000;
  const started = new Map<string, string>();
  let tell: ((event: WatchEvent) => void) | undefined;
  let breakOff: ((error: Error) => void) | undefined;
  const kube = fakeKube([], {
    // Nobody sets this clock.
    time: async () => start + clock.elapsed(),
    watch: ({ kind, namespace }, onEvent, signal) => {
      expect([kind, namespace]).toEqual(["Pod", "shop"]);
      tell = onEvent;
      return new Promise((resolve, reject) => {
        breakOff = reject;
        signal.addEventListener("abort", () => resolve());
      });
    },
  });
  const agent = fakeAgent({
    start: async (spec) => {
      specs.push(spec);
      started.set(spec.id, at(seconds()));
      calls.push(`${seconds()} start ${new URL(spec.url).hostname}`);
    },
    stop: async (id) => {
      const host = new URL(specs.find((spec) => spec.id === id)?.url ?? "").hostname;
      calls.push(`${seconds()} stop ${host}`);
      return fakeLoadResult({ startedAt: started.get(id) ?? "", sent: 18, ok: 18, ...results[host] });
    },
  });
  const context = fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube, agent }) });
  const accompany = async () => {
    const companion = await staleEndpoints.accompany?.(params, context);
    if (companion === undefined) throw new Error("it is a companion");
    return companion;
  };
  return {
    rt,
    clock,
    calls,
    specs,
    context,
    accompany,
    send: (type: WatchEvent["type"], object: KubeObject) => tell?.({ type, object }),
    breakOff: (error: Error) => breakOff?.(error),
  };
}

const refused = (second: number) => ({
  ok: 10,
  failed: 8,
  byKind: { ok: 10, refused: 8 },
  firstFailure: { at: at(second), kind: "refused", detail: "connection refused" },
});

describe("stale-endpoints", () => {
  test("asks each pod at its address from its deletion on, over new connections, with a proof", async () => {
    const { rt, calls, specs, send, accompany } = scene();
    const companion = await accompany();
    send("ADDED", fakePod("a", { ip: "10.244.0.1" }));
    send("ADDED", fakePod("b", { ip: "10.244.0.2" }));
    send("ADDED", fakePod("other", { app: "ledger", ip: "10.244.0.3" }));
    await companion.steady();
    await hold(rt, 2000);
    send("MODIFIED", leaving("a", 2, { ip: "10.244.0.1" }));
    send("DELETED", leaving("other", 2, { app: "ledger", ip: "10.244.0.3" }));
    await hold(rt, 3000);
    send("MODIFIED", leaving("a", 2, { ip: "10.244.0.1", ready: false }));
    send("DELETED", leaving("a", 2, { ip: "10.244.0.1", ready: false }));
    send("MODIFIED", leaving("b", 5, { ip: "10.244.0.2" }));
    const outcome = await companion.end();
    expect(calls).toEqual([
      "2 start 10.244.0.1",
      "5 start 10.244.0.2",
      // It waits until all that counts is sent, also to a pod that is long gone.
      "14 stop 10.244.0.1",
      "14 stop 10.244.0.2",
    ]);
    expect(specs[0]).toMatchObject({
      url: "http://10.244.0.1:8080/slow",
      rate: 2,
      connections: "new",
      maxMs: 9000,
      nonce: true,
      key: "t0ken",
    });
    expect(outcome).toMatchObject({
      finished: true,
      detail: "2 pods of deployment/payments until 9 s after their deletion: 36 sent, 0 failed",
      traffic: { late: { id: "late", sent: 36, ok: 36, failed: 0, firstFailure: null } },
    });
  });

  test("takes no longer when the roll has taken long enough", async () => {
    const { rt, calls, send, accompany } = scene();
    const companion = await accompany();
    send("ADDED", fakePod("a"));
    send("MODIFIED", leaving("a", 0));
    await hold(rt, 20_000);
    await companion.end();
    expect(calls).toEqual(["0 start 10.244.0.9", "20 stop 10.244.0.9"]);
  });

  test("says which pod failed, how long after its deletion, and how", async () => {
    const { send, accompany } = scene({ "10.244.0.1": refused(5.2) });
    const companion = await accompany();
    send("ADDED", fakePod("a", { ip: "10.244.0.1" }));
    send("MODIFIED", leaving("a", 0, { ip: "10.244.0.1" }));
    const detail = "pod/a 5.2 s after it was deleted: connection refused";
    expect((await companion.end()).traffic?.["late"]).toMatchObject({ failed: 8, firstFailure: { detail } });
  });

  test("does not count what was sent later than it had to be answered", async () => {
    const { send, accompany } = scene({ "10.244.0.1": refused(9.1) });
    const companion = await accompany();
    send("ADDED", fakePod("a", { ip: "10.244.0.1" }));
    send("MODIFIED", leaving("a", 0, { ip: "10.244.0.1" }));
    expect((await companion.end()).traffic?.["late"]).toMatchObject({
      sent: 10,
      ok: 10,
      failed: 0,
      byKind: { ok: 10 },
      firstFailure: null,
    });
  });

  test("asks for less time when it saw the deletion late", async () => {
    const { rt, specs, send, accompany } = scene();
    const companion = await accompany();
    send("ADDED", fakePod("a"));
    await hold(rt, 4000);
    // Deleted in the second from 1 on, so at 2 at the latest.
    send("MODIFIED", leaving("a", 1));
    await companion.end();
    expect(specs[0]?.maxMs).toBe(7000);
  });

  test.each([-3600_000, 3600_000])("tells the same when this machine's clock is %s ms ahead", async (ahead) => {
    const { clock, rt, specs, send, accompany } = scene({ "10.244.0.1": refused(7.5), "10.244.0.2": refused(11.5) });
    clock.step(ahead);
    const companion = await accompany();
    send("ADDED", fakePod("a", { ip: "10.244.0.1" }));
    send("ADDED", fakePod("b", { ip: "10.244.0.2" }));
    await hold(rt, 1500);
    send("MODIFIED", leaving("b", 1, { ip: "10.244.0.2" }));
    await hold(rt, 2500);
    // Seen late: deleted in the second from 1 on. The cluster tells whole seconds, so that may be taken for up to a second less.
    send("MODIFIED", leaving("a", 1, { ip: "10.244.0.1" }));
    const late = (await companion.end()).traffic?.["late"];
    expect(specs[0]?.maxMs).toBeGreaterThanOrEqual(8000);
    expect(specs[1]?.maxMs).toBeGreaterThanOrEqual(6000);
    expect(specs[1]?.maxMs).toBeLessThanOrEqual(7000);
    // The failure of b comes later than 9 s after its deletion, that of a does not.
    expect(late).toMatchObject({ failed: 8 });
    expect(late?.firstFailure?.detail).toMatch(/^pod\/a [56]\.\d s after it was deleted: connection refused$/);
  });

  test("leaves out pods that were not ready when they were deleted", async () => {
    const { calls, send, accompany } = scene();
    const companion = await accompany();
    send("ADDED", fakePod("a"));
    send("MODIFIED", fakePod("a", { ready: false }));
    send("MODIFIED", leaving("a", 0, { ready: false }));
    send("ADDED", leaving("b", 0));
    expect(await companion.end()).toEqual({ finished: false, detail: "no pod of deployment/payments was deleted" });
    expect(calls).toEqual([]);
  });

  test.each([
    ["whose deletion it saw too late", () => leaving("a", 0)],
    ["whose end alone it saw", () => fakePod("a")],
  ])("cannot judge a pod %s", async (_, last) => {
    const { rt, send, accompany } = scene();
    const companion = await accompany();
    send("ADDED", fakePod("a"));
    await hold(rt, 10_000);
    send("DELETED", last());
    await expect(companion.end()).rejects.toThrow("the deletion of a was seen too late");
  });

  test("stops all loads when the watch broke off, which is an error", async () => {
    const { calls, send, breakOff, accompany } = scene();
    const companion = await accompany();
    send("ADDED", fakePod("a"));
    send("MODIFIED", leaving("a", 0));
    breakOff(new Error("forbidden"));
    await expect(companion.end()).rejects.toThrow("the watch on pods of deployment/payments broke off: forbidden");
    expect(calls).toEqual(["0 start 10.244.0.9", "9 stop 10.244.0.9"]);
  });

  test("ends at once after Ctrl-C", async () => {
    const kill = new AbortController();
    const { calls, context, send } = scene();
    const companion = await staleEndpoints.accompany?.(params, {
      ...context,
      rt: { ...context.rt, signal: kill.signal },
    });
    send("ADDED", fakePod("a"));
    send("MODIFIED", leaving("a", 0));
    kill.abort();
    await companion?.end();
    expect(calls).toEqual(["0 start 10.244.0.9", "0 stop 10.244.0.9"]);
  });

  test("is an error when no ready pod is seen", async () => {
    const { accompany } = scene();
    const companion = await accompany();
    await expect(companion.steady()).rejects.toThrow("the deletions of deployment/payments cannot be watched");
  });

  test.each([{ for: "2m" }, { for: "9s", every: "10ms" }, {}])("refuses %j", (given) => {
    expect(staleEndpoints.params.safeParse({ workload: "deployment/payments", ...given }).success).toBe(false);
  });
});

const toElapsed = (stamp: number): number => stamp - start;

test("deletedAt takes the second that was written down, or when it was seen if that tells more", () => {
  const pod = leaving("a", 3);
  expect(deletedAt(pod, 3200, toElapsed)).toBe(3200);
  expect(deletedAt(pod, 6000, toElapsed)).toBe(4000);
  expect(deletedAt(fakePod("a"), 0, toElapsed)).toBeUndefined();
});
