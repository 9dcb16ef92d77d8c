import { describe, expect, it } from "vitest";
import type { CpuWindow, PodSeen, RunRecord } from "../../src/system/record.ts";
import type { CheckSpec } from "../../src/lab/lab.ts";
import { fakeLoadResult } from "../fakes/agent.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeReading } from "../fakes/cpu-reading.ts";
import { fakeAction, fakeRecord, fakeSeen } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";

function judge(spec: CheckSpec, record: Partial<RunRecord>) {
  return runCheck(spec, fakeCheckContext([], { record: fakeRecord(record) }));
}

function gone(name: string): PodSeen {
  return fakeSeen(name, { at: 20_000, gone: true });
}

function seen(at: number, available: number): RunRecord["available"][number] {
  return { at, workload: "deployment/payments", available, desired: 3 };
}

function traffic(parts: Parameters<typeof fakeLoadResult>[0]): Pick<RunRecord, "traffic"> {
  return { traffic: { new: fakeLoadResult(parts) } };
}

describe("restarts of a record", () => {
  const actions = [fakeAction({ targets: ["a"] })];
  const start = [fakeSeen("a", { restarts: 3 }), fakeSeen("b", { restarts: 1 })];
  const restarted = fakeSeen("a", { at: 41_000, restarts: 4, lastEnd: "Error, exit 137" });
  const workload = "deployment/payments";

  it("measures the targets from the start of the actions", async () => {
    const record = { actions, pods: [...start, restarted] };
    const spec = { type: "restarts", of: "targets", atLeast: 1 };
    expect(await judge({ ...spec, within: "60s" }, record)).toMatchObject({
      outcome: "pass",
      observed: "a 1 restarts, the first after 31 s, last end Error, exit 137",
    });
    expect((await judge({ ...spec, within: "30s" }, record)).outcome).toBe("fail");
  });

  it("counts differences, and leaves targets out of the others", async () => {
    const record = { actions, pods: [...start, restarted] };
    expect((await judge({ type: "restarts", of: "others", atMost: 0 }, record)).outcome).toBe("pass");
    expect((await judge({ type: "restarts", of: "all", workload, atMost: 0 }, record)).outcome).toBe("fail");
    const other = fakeSeen("b", { at: 20_000, restarts: 2 });
    expect(
      (await judge({ type: "restarts", of: "others", atMost: 0 }, { actions, pods: [...start, other] })).outcome,
    ).toBe("fail");
  });

  it("takes a replaced pod for a restart, unless it was a target", async () => {
    const come = fakeSeen("c", { at: 21_000 });
    const spec = { type: "restarts", of: "others", atMost: 0 };
    expect((await judge(spec, { actions, pods: [...start, gone("a"), come] })).outcome).toBe("pass");
    expect(await judge(spec, { actions, pods: [...start, gone("b"), come] })).toMatchObject({
      outcome: "fail",
      observed: expect.stringContaining("1 pods were replaced by new ones"),
    });
    expect((await judge(spec, { actions, pods: [...start, gone("b")] })).outcome).toBe("pass");
  });

  it("tells the successor of a StatefulSet's target from the target", async () => {
    const killed = fakeSeen("a", { at: 20_000, gone: true });
    const successor = fakeSeen("a", { uid: "uid-2", at: 21_000 });
    const crashed = fakeSeen("a", { uid: "uid-2", at: 30_000, restarts: 1 });
    const spec = { type: "restarts", of: "others", atMost: 0 };
    expect((await judge(spec, { actions, pods: [...start, killed, successor] })).outcome).toBe("pass");
    expect((await judge(spec, { actions, pods: [...start, killed, successor, crashed] })).outcome).toBe("fail");
  });

  it("looks only at the workload, and fails without its pods", async () => {
    const noisy = fakeSeen("x", { workload: "deployment/other", at: 30_000, restarts: 9 });
    const pods = [...start, fakeSeen("x", { workload: "deployment/other" }), noisy];
    expect((await judge({ type: "restarts", of: "all", workload, atMost: 0 }, { pods })).outcome).toBe("pass");
    expect(
      (await judge({ type: "restarts", of: "all", workload: "deployment/gone", atMost: 0 }, { pods })).outcome,
    ).toBe("fail");
    expect((await judge({ type: "restarts", of: "targets", atMost: 0 }, { pods })).outcome).toBe("fail");
  });

  it("names containers by their short names", async () => {
    const pods = [fakeSeen("api", { workload: "api" }), fakeSeen("api", { workload: "api", at: 20_000, restarts: 1 })];
    expect(
      (await judge({ type: "restarts", of: "all", workload: "container/api", atLeast: 1 }, { pods })).outcome,
    ).toBe("pass");
  });
});

describe("available of a record", () => {
  const spec = { type: "available", workload: "deployment/payments", never: { below: 2 } };

  it("knows the lowest moment since the actions began", async () => {
    expect((await judge(spec, { available: [seen(0, 1), seen(5000, 3), seen(20_000, 2)] })).outcome).toBe("pass");
    expect(await judge(spec, { available: [seen(0, 3), seen(20_000, 1), seen(21_000, 3)] })).toMatchObject({
      outcome: "fail",
      observed: "lowest 1 of 3 available, 10 s after the start",
    });
    expect((await judge(spec, { available: [seen(0, 1)] })).outcome).toBe("fail");
    expect((await judge(spec, {})).outcome).toBe("fail");
  });
});

describe("finished", () => {
  it("needs the action, its end, and its end in time", async () => {
    const actions = [
      fakeAction({ action: "drain" }),
      fakeAction({ action: "roll", finished: false, detail: "1 of 3" }),
    ];
    expect((await judge({ type: "finished", action: "drain" }, { actions })).outcome).toBe("pass");
    expect((await judge({ type: "finished", action: "drain", within: "19s" }, { actions })).outcome).toBe("fail");
    expect(await judge({ type: "finished" }, { actions })).toMatchObject({
      outcome: "fail",
      observed: "roll after 20 s: 1 of 3",
    });
    expect((await judge({ type: "finished" }, {})).outcome).toBe("fail");
  });

  it("cannot judge without a record", async () => {
    await expect(runCheck({ type: "finished" }, fakeCheckContext())).rejects.toThrow("there is none here");
  });
});

describe("traffic", () => {
  const spec = { type: "traffic", from: "new" };

  it.each([
    [{ failed: { atMost: 0 } }, {}, "pass"],
    [{ failed: { atMost: 0 } }, { failed: 1 }, "fail"],
    [{ failed: { ratioAtMost: 0.05 } }, { failed: 5 }, "pass"],
    [{ failed: { ratioAtMost: 0.04 } }, { failed: 5 }, "fail"],
    [{ failed: { atMost: 0 } }, { sent: 0, ok: 0 }, "fail"],
    [{ failed: { atMost: 100 } }, { ok: 0, failed: 100 }, "fail"],
    [{ ok: { atLeast: 101 } }, {}, "fail"],
    [{ perPod: { atLeast: 0.1, pods: 2 } }, { byPod: { a: 80, b: 20 } }, "pass"],
    [{ perPod: { atLeast: 0.3 } }, { byPod: { a: 80, b: 20 } }, "fail"],
    [{ perPod: { atLeast: 0.1, pods: 3 } }, { byPod: { a: 80, b: 20 } }, "fail"],
    [{ perPod: { atLeast: 0.1 } }, {}, "fail"],
    [{ latency: { quantile: "p95", atMostMs: 2 } }, {}, "pass"],
    [{ latency: { atMostMs: 2 } }, {}, "fail"],
  ] as const)("%j of %j is %s", async (rules, parts, outcome) => {
    expect((await judge({ ...spec, ...rules }, traffic(parts))).outcome).toBe(outcome);
  });

  it("compares with the control, and cannot without one", async () => {
    const control = { traffic: { new: fakeLoadResult({ latencyMs: { p50: 1, p95: 1, p99: 2, max: 2 } }) }, cpu: [] };
    const own = traffic({ completedPerSecond: 8 });
    const latency = { ...spec, latency: { ratioToControl: { atMost: 1.4 } } };
    expect(await judge(latency, { ...own, control })).toMatchObject({
      outcome: "fail",
      observed: expect.stringContaining("p99 is 1.5 × control"),
    });
    const throughput = { ...spec, throughput: { ratioToControl: { atLeast: 0.8 } } };
    expect((await judge(throughput, { ...own, control })).outcome).toBe("pass");
    await expect(judge(throughput, own)).rejects.toThrow("no control to compare");
  });

  it("tells the workload's own answers from others", async () => {
    const own = { ...spec, answeredBy: "deployment/payments" };
    const pods = [fakeSeen("a"), fakeSeen("b", { gone: true }), fakeSeen("x", { workload: "deployment/other" })];
    expect((await judge(own, { pods, ...traffic({ byPod: { a: 80, b: 20 } }) })).outcome).toBe("pass");
    expect(await judge(own, { pods, ...traffic({ byPod: { a: 80, x: 20 } }) })).toMatchObject({
      outcome: "fail",
      expected: expect.stringContaining("only deployment/payments answers"),
      observed: expect.stringContaining("x answered"),
      lookAt: "kubectl -n shop get deployment/payments -o yaml",
    });
  });

  it("fails for a load that never ran", async () => {
    expect((await judge(spec, {})).outcome).toBe("fail");
  });
});

const throttledWindow = (target: string, periods: number, throttled: number, quotaMicros = 100_000): CpuWindow => ({
  target,
  before: fakeReading({ quotaMicros, nrPeriods: 50, nrThrottled: 40 }),
  after: fakeReading({ quotaMicros, nrPeriods: 50 + periods, nrThrottled: 40 + throttled }),
});

const lost = (throttledMicros: number): CpuWindow => {
  const one = throttledWindow("a", 100, 30);
  return { ...one, after: { ...one.after, throttledMicros } };
};

/** Ten seconds in which the pod used so many CPUs, and the host had so many idle. */
const beside = (cpus: number, idle: number, quota: number, throttled = 0): CpuWindow => {
  const one = throttledWindow("a", 100, throttled, quota * 100_000);
  const after = { at: 10_000, usageMicros: cpus * 1e7, hostIdleMicros: 5e6 + idle * 1e7 };
  return { ...one, before: { ...one.before, hostIdleMicros: 5e6 }, after: { ...one.after, ...after } };
};

describe("cgroup of a record", () => {
  const spec = {
    type: "cgroup",
    of: "deployment/payments",
    throttledRatio: { atMost: 0.02 },
    periods: { atLeast: 100 },
  };
  const pods = [fakeSeen("a"), fakeSeen("b")];

  it.each([
    ["rarely throttled", [throttledWindow("a", 100, 2)], "pass"],
    ["one of two throttled", [throttledWindow("a", 100, 0), throttledWindow("b", 100, 20)], "fail"],
    ["too few periods", [throttledWindow("a", 99, 0)], "fail"],
    ["no quota, so no periods", [throttledWindow("a", 0, 0, -1)], "pass"],
    ["another workload's pod", [throttledWindow("z", 100, 0)], "fail"],
    ["no window at all", [], "fail"],
  ])("%s", async (_name, cpu, outcome) => {
    expect((await judge(spec, { pods, cpu })).outcome).toBe(outcome);
  });

  it("weighs the time that was lost, not how many periods lost some", async () => {
    const held = { type: "cgroup", of: "deployment/payments", heldBack: { atMost: 0.02 } };
    expect((await judge(held, { pods, cpu: [lost(60_000)] })).outcome).toBe("pass");
    expect(await judge(held, { pods, cpu: [lost(300_000)] })).toMatchObject({
      outcome: "fail",
      observed: "a held back 3 % of the time, in 30 of 100 periods (30 %)",
    });
  });

  it.each([
    ["the rest of the host had the other CPU", beside(1, 0.05, 1), "error"],
    ["there was just too little", beside(0.98, 0.26, 1), "error"],
    ["there was enough beyond the quota", beside(0.98, 0.28, 1), "pass"],
    ["nothing was used, and all was idle", beside(0, 2, 1), "pass"],
    ["the quota is all CPUs, so it holds nothing back on a busy host either", beside(1, 0.05, 2), "pass"],
    ["much of a large quota was left", beside(1.4, 0.11, 1.6), "pass"],
    ["too little of a large quota was left", beside(1.4, 0.09, 1.6), "error"],
    ["it was held back on a busy host", beside(1, 0.05, 1, 60), "fail"],
    ["there is no quota", beside(1, 0, -1e-5), "pass"],
  ])("takes nothing held back for a finding only where it would show: %s", async (_name, one, outcome) => {
    const judged = await judge(spec, { pods, cpu: [one] });
    expect(judged.outcome).toBe(outcome);
    if (outcome === "error") expect(judged.observed).toMatch(/the host left a \d\.\d\d CPUs: this machine is too busy/);
  });

  it("takes much held back for a finding on any host", async () => {
    const held = { type: "cgroup", of: "deployment/payments", throttledRatio: { atLeast: 0.1 } };
    expect((await judge(held, { pods, cpu: [beside(1, 0.05, 1, 0)] })).outcome).toBe("fail");
    expect((await judge(held, { pods, cpu: [beside(1, 0.05, 1, 60)] })).outcome).toBe("pass");
  });

  it("says what the host left where throttling was asked for and did not show", async () => {
    const held = { type: "cgroup", of: "deployment/payments", throttledRatio: { atLeast: 0.1 } };
    const onBusy = await judge(held, { pods, cpu: [beside(1, 0.05, 1)] });
    expect(onBusy.observed).toMatch(/in 0 of 100 periods \(0 %\), but the host left a 1\.05 CPUs$/);
    const onIdle = await judge(held, { pods, cpu: [beside(1, 1, 1)] });
    expect(onIdle.observed).toMatch(/in 0 of 100 periods \(0 %\)$/);
  });

  it("compares with the control", async () => {
    const ratio = { type: "cgroup", of: "deployment/payments", ratioToControl: { atMost: 1.5 } };
    const control = { traffic: {}, cpu: [throttledWindow("clone", 100, 10)] };
    expect((await judge(ratio, { pods, cpu: [throttledWindow("a", 100, 15)], control })).outcome).toBe("pass");
    expect((await judge(ratio, { pods, cpu: [throttledWindow("a", 100, 16)], control })).outcome).toBe("fail");
    await expect(judge(ratio, { pods, cpu: [throttledWindow("a", 100, 0)] })).rejects.toThrow("no control");
  });
});

const usedWindow = (cpus: number, gomaxprocs: number, usedMs: number): CpuWindow => {
  const before = fakeReading({ numCpu: 4, quotaMicros: cpus * 100_000, gomaxprocs });
  return { target: "a", before, after: { ...before, at: 1000, usageMicros: usedMs * 1000 } };
};

describe("cpu-given", () => {
  const spec = { type: "cpu-given", of: "deployment/payments", atLeast: 0.7 };

  it.each([
    ["the whole limit", usedWindow(1, 16, 990), "pass"],
    ["a part of it", usedWindow(1, 16, 600), "error"],
    ["all that one thread can use", usedWindow(2, 1, 980), "pass"],
    ["half of what two threads can use", usedWindow(2, 2, 1000), "error"],
    ["a limit above the host", usedWindow(8, 8, 3900), "pass"],
  ])("%s", async (_name, one, outcome) => {
    expect((await judge(spec, { pods: [fakeSeen("a")], cpu: [one] })).outcome).toBe(outcome);
  });

  it("fails where nothing was measured", async () => {
    expect((await judge(spec, { pods: [fakeSeen("a")], cpu: [] })).outcome).toBe("fail");
  });
});

const threadsWindow = (cpus: number, gomaxprocs: number, numCpu = 4): CpuWindow => {
  const one = fakeReading({ quotaMicros: cpus === Infinity ? -1 : cpus * 100_000, gomaxprocs, numCpu });
  return { target: "a", before: one, after: one };
};

describe("threads", () => {
  const spec = { type: "threads", of: "deployment/payments" };

  it.each([
    ["one for one CPU", threadsWindow(1, 1), "pass"],
    ["one for two CPUs", threadsWindow(2, 1), "fail"],
    ["more than the limit", threadsWindow(1, 16), "pass"],
    ["rounded down", threadsWindow(1.5, 1), "pass"],
    ["one for half a CPU", threadsWindow(0.5, 1), "pass"],
    ["a limit above the host", threadsWindow(8, 2, 2), "pass"],
    ["no limit, fewer than the host has", threadsWindow(Infinity, 2), "fail"],
    ["pinned to one CPU", threadsWindow(2, 1, 1), "pass"],
  ])("%s", async (_name, one, outcome) => {
    expect((await judge(spec, { pods: [fakeSeen("a")], cpu: [one] })).outcome).toBe(outcome);
  });

  it("fails where nothing was measured", async () => {
    expect((await judge(spec, { pods: [fakeSeen("a")], cpu: [] })).outcome).toBe("fail");
  });
});
