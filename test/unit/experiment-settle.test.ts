import { describe, expect, test } from "vitest";
import { settle } from "../../src/system/settle.ts";
import { settleTargets } from "../../src/experiments/run.ts";
import { parseTarget, targetText } from "../../src/lab/target.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeClock, type FakeClock } from "../fakes/clock.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeExperiment } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";
import type { KubeObject } from "../../src/kube/kube.ts";

const refs = (...texts: string[]) => texts.flatMap((text) => parseTarget(text) ?? []);

/** Settles deployment/payments, whose objects are those of the moment; returns the end and the seconds it took. */
async function settling(
  objects: (seconds: number) => KubeObject[],
  targets: string,
  during: (seconds: number, clock: FakeClock) => void = () => undefined,
) {
  const clock = fakeClock();
  const start = clock.now();
  const seconds = () => clock.elapsed() / 1000;
  const kube = fakeKube([], {
    // A clock that nobody sets.
    time: async () => start + clock.elapsed(),
    get: (ref) => fakeKube(objects(seconds())).get(ref),
    list: (query) => {
      during(seconds(), clock);
      return fakeKube(objects(seconds())).list(query);
    },
  });
  const context = fakeActionContext({ rt: fakeRuntime({ clock }), sandbox: fakeKindSandbox({ kube }) });
  return { end: await settle(context, refs(targets)), seconds: seconds() };
}

const payments = (...pods: KubeObject[]) => [fakeDeployment("payments", pods.length), ...pods];

/** 50 pods, of which the next one gets ready every 20 s. */
const oneMoreEach20s = (now: number) =>
  Array.from({ length: 50 }, (_, index) => fakePod(`p${index}`, { ready: now >= 20 * index }));

describe("settle", () => {
  test("takes 5 s when all is ready", async () => {
    const { end, seconds } = await settling(() => payments(fakePod("a"), fakePod("b")), "deployment/payments");
    expect(end).toBeUndefined();
    expect(seconds).toBe(5);
  });

  test("starts the 5 s again at a restart between two looks", async () => {
    const { end, seconds } = await settling(
      (now) => payments(fakePod("a", { restarts: now < 4 ? 0 : 1 })),
      "deployment/payments",
    );
    expect(end).toBeUndefined();
    expect(seconds).toBe(9);
  });

  test.each([
    ["waits for a liveness probe that begins late, and looks again", 50, 55],
    ["takes no notice of one that has begun", 4, 5],
    ["does not wait for one that begins in more than two minutes", 126, 5],
  ])("%s", async (_, initialDelaySeconds, took) => {
    const late = payments(fakePod("a", { livenessDelay: initialDelaySeconds }), fakePod("b"));
    const { end, seconds } = await settling(() => late, "deployment/payments");
    expect(end).toBeUndefined();
    expect(seconds).toBe(took);
  });

  test.each([-3600_000, 3600_000])("takes no other time when the clock is set by %s ms meanwhile", async (ahead) => {
    const late = payments(fakePod("a", { livenessDelay: 50 }), fakePod("b"));
    const step = (now: number, clock: FakeClock) => now === 2 && clock.step(ahead);
    const { end, seconds } = await settling(() => late, "deployment/payments", step);
    expect(end).toBeUndefined();
    // The cluster tells whole seconds.
    expect(seconds).toBeGreaterThanOrEqual(54);
    expect(seconds).toBeLessThanOrEqual(56);
  });

  test("gives a workload its whole time when this program stood still meanwhile", async () => {
    const { end, seconds } = await settling(
      (now) => payments(fakePod("a", { ready: now >= 50 })),
      "deployment/payments",
      (now, clock) => now === 3 && clock.standStill(60_000),
    );
    expect(end).toBeUndefined();
    expect(seconds).toBe(55);
  });

  test("says which pod was not ready, in which state and with how many restarts", async () => {
    const broken = fakePod("b", {
      ready: false,
      restarts: 4,
      waiting: "CrashLoopBackOff",
      lastEnd: { reason: "Error", exitCode: 2, finishedAt: "2026-01-01T00:00:00Z" },
    });
    const { end, seconds } = await settling(() => payments(fakePod("a"), broken), "deployment/payments");
    expect(end).toBe("pod/b is not ready (CrashLoopBackOff), 5 restarts, last end Error, exit 2");
    expect(seconds).toBe(60);
  });

  test("gives what became ready just before the end its 5 s", async () => {
    const { end, seconds } = await settling(
      (now) => payments(fakePod("a", { ready: now >= 58 })),
      "deployment/payments",
    );
    expect(end).toBeUndefined();
    expect(seconds).toBe(63);
  });

  test("waits for a roll that makes progress", async () => {
    const pods = ["a", "b", "c", "d", "e"];
    const { end, seconds } = await settling(
      (now) => payments(...pods.map((name, index) => fakePod(name, { ready: now >= 20 * index }))),
      "deployment/payments",
    );
    expect(end).toBeUndefined();
    expect(seconds).toBe(85);
  });

  test("does not take a container that comes and goes for progress", async () => {
    const { end, seconds } = await settling(
      (now) => payments(fakePod("a"), fakePod("b", { ready: now % 4 < 2, restarts: Math.floor(now / 4) })),
      "deployment/payments",
    );
    expect(end).toContain("pod/b is not ready");
    expect(seconds).toBeGreaterThanOrEqual(60);
    expect(seconds).toBeLessThan(65);
  });

  test("is an error, and no verdict, where progress has no end", async () => {
    const endless = settling((now) => payments(...oneMoreEach20s(now)), "deployment/payments");
    await expect(endless).rejects.toThrow("after 3 minutes it is still coming up");
  });

  test("does not wait the whole time again for what has not settled before", async () => {
    const stuck = payments(fakePod("a", { ready: false }));
    const clock = fakeClock();
    const sandbox = fakeKindSandbox({ kube: fakeKube(stuck) });
    const context = fakeActionContext({ rt: fakeRuntime({ clock }), sandbox, unsettled: new Set() });
    const problem = await settle(context, refs("deployment/payments"));
    expect(problem).toContain("pod/a is not ready");
    expect(clock.elapsed()).toBe(60_000);
    expect(await settle(context, refs("deployment/payments"))).toBe(problem);
    expect(clock.elapsed()).toBe(70_000);
  });

  test.each([
    ["no pods wanted", [fakeDeployment("payments", 0)], "deployment/payments wants 0 pods"],
    ["no such workload", [], "deployment/payments does not exist"],
    ["too few pods", [fakeDeployment("payments", 2), fakePod("a")], "deployment/payments has 1 of 2 pods"],
    ["a pod that leaves", payments(fakePod("a", { terminating: true })), "pod/a is terminating, 0 restarts"],
    [
      "a rollout that has not begun",
      [fakeDeployment("payments", 1, { observedGeneration: 0 }), fakePod("a")],
      "deployment/payments: its newest spec has not been taken up yet",
    ],
    [
      "old pods only",
      [fakeDeployment("payments", 1, { updatedReplicas: 0 }), fakePod("a")],
      "deployment/payments: 0 of 1 pods are of its newest template",
    ],
  ])("is not settled with %s", async (_, objects, seen) => {
    expect((await settling(() => objects, "deployment/payments")).end).toBe(seen);
  });

  test("does not count pods of others that the selector matches", async () => {
    const stray = fakePod("stray", { ready: false });
    stray.metadata.ownerReferences = [];
    const { end } = await settling(() => [...payments(fakePod("a")), stray], "deployment/payments");
    expect(end).toBeUndefined();
  });

  test("throws when the cluster cannot be seen, as that is nothing the workload did", async () => {
    const kube = fakeKube([], { get: () => Promise.reject(new Error("API server did not answer")) });
    const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube }) });
    await expect(settle(context, refs("deployment/payments"))).rejects.toThrow("API server did not answer");
  });

  test("knows the containers of a Docker lab by their health", async () => {
    const docker = fakeDocker([fakeContainer({ name: "labs-abc123-api", health: "unhealthy" })]);
    const context = fakeActionContext({ sandbox: fakeDockerSandbox({ docker }) });
    expect(await settle(context, refs("container/api"))).toBe("container/api is not ready (unhealthy), 0 restarts");
    expect(await settle(context, refs("container/db"))).toBe("container/db does not exist");
  });
});

describe("settleTargets", () => {
  test("is what the actions name, each once, but not the stage's own dependency", () => {
    const experiment = fakeExperiment("e", [], {
      do: [
        { name: "outage", params: { target: "deployment/ledger", mode: "fail", for: "30s" } },
        { name: "recover", params: { workload: "deployment/payments", within: "15s" } },
      ],
      with: [{ name: "traffic", params: { to: "service/checkout", path: "/pay" } }],
      control: { name: "clone", params: { of: "deployment/payments", drop: "cpu-limit" } },
    });
    expect(settleTargets(experiment).map(targetText)).toEqual(["deployment/payments", "service/checkout"]);
  });

  test("is what the experiment says, where it says so", () => {
    const experiment = fakeExperiment("e", [], {
      do: [{ name: "recover", params: { workload: "deployment/payments", within: "15s" } }],
      settle: ["deployment/web"],
    });
    expect(settleTargets(experiment).map(targetText)).toEqual(["deployment/web"]);
  });
});
