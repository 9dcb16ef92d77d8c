import { describe, expect, test } from "vitest";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { defineAction, type ActionContext, type AnyActionType } from "../../src/experiments/action.ts";
import { hold } from "../../src/lib/poll.ts";
import { type ExperimentEvent, runExperiment } from "../../src/experiments/run.ts";
import type { AgentRequest } from "../../src/sandbox/agent/load-agent.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer, fakeLoadResult } from "../fakes/agent.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const text = z.strictObject({ say: z.string().default("") });
const journaled = { undo: "remove-object", params: {}, sentence: "" };

/** A cluster with a stage (ledger) and payments; `log` is what happened, in order. */
function scene(
  parts: { paymentsReady?: boolean; scheduleStatus?: number; ledgerAddressAfter?: number; stops?: number } = {},
) {
  const log: string[] = [];
  const kill = new AbortController();
  const clock = fakeClock();
  const rt = { ...fakeRuntime({ clock }), signal: kill.signal };
  let stops = parts.stops ?? 0;
  const start = rt.clock.now();
  const ledgerIp = () => (rt.clock.now() - start >= (parts.ledgerAddressAfter ?? 0) * 1000 ? "10.244.0.2" : "");
  const objects = () => [
    fakeDeployment("payments", 1),
    fakePod("payments-a", { ready: parts.paymentsReady ?? true }),
    fakePod("ledger-a", { app: "ledger", ip: ledgerIp() }),
  ];
  const kube = fakeKube([], {
    get: (ref) => fakeKube(objects()).get(ref),
    list: (query) => fakeKube(objects()).list(query),
    watch: (query, _, signal) => {
      if (query.kind === "Pod") log.push("watch");
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          if (query.kind === "Pod") log.push("watch over");
          resolve();
        });
      });
    },
  });
  const agent = fakeAgent({
    request: async ({ url, headers }: AgentRequest) => {
      expect(headers).toEqual({ "X-Lab-Token": "t0ken" });
      log.push(new URL(url).host + new URL(url).pathname);
      return fakeAnswer({ status: parts.scheduleStatus ?? 200 });
    },
  });
  const noted = fakeActionContext();
  const context: ActionContext = {
    ...noted,
    rt,
    lab: fakeLab({ stage: [fakeDeployment("ledger", 1)] }),
    sandbox: fakeKindSandbox({ kube, agent }),
    progress: (line) => void (/still|not undone/.test(line) && log.push(line)),
    journal: {
      open: async () => {
        log.push("journal");
        return async () => void log.push("undone");
      },
    },
  };
  const companion = defineAction({
    name: "beside",
    summary: "",
    needs: [],
    params: text,
    accompany: async () => ({
      afterMs: 5000,
      steady: async () => void log.push("companion steady"),
      end: async () => {
        log.push("companion ends");
        const result = fakeLoadResult({ id: "new" });
        return { finished: true, detail: "", traffic: { new: result } };
      },
    }),
  });
  const step = defineAction({
    name: "step",
    summary: "",
    needs: [],
    params: text,
    run: async ({ say }, given) => {
      log.push(`do ${say}`);
      await given.journal.open(journaled);
      await hold(given.rt, 2000);
      if (stops > 0) {
        stops -= 1;
        clock.standStill(60_000);
      }
      if (say === "throw") throw new Error("the action failed");
      if (say === "abort") {
        kill.abort();
        await hold(given.rt, 2000);
      }
      return { finished: say !== "unfinished", detail: `said ${say}`, targets: ["payments-a"], data: { say } };
    },
  });
  const types: AnyActionType[] = [companion, step];
  return { log, context, types, rt, clock };
}

const settle = ["deployment/payments"];
const say = (word: string) => ({ name: "step", params: { say: word } });
const beside = { name: "beside", params: {} };

describe("runExperiment", () => {
  test("pauses, settles, watches, runs beside companions and puts all back, in this order", async () => {
    const { log, context, types } = scene();
    const told: ExperimentEvent[] = [];
    const record = await runExperiment(
      fakeExperiment("e", [], { settle, do: [say("one"), say("two")], with: [beside] }),
      context,
      { types, onEvent: (event) => told.push(event) },
    );
    expect(told).toEqual([
      { type: "experiment-window", experiment: "e", window: "settle", ms: 5000 },
      { type: "experiment-step", experiment: "e", action: "step", finished: true, detail: "said one", ms: 2000 },
      { type: "experiment-step", experiment: "e", action: "step", finished: true, detail: "said two", ms: 2000 },
      { type: "experiment-window", experiment: "e", window: "actions", ms: 4000 },
      { type: "experiment-window", experiment: "e", window: "after", ms: 5000 },
    ]);
    expect(log).toEqual([
      "10.244.0.2:9091/admin/schedule/pause",
      "watch",
      "companion steady",
      "do one",
      "journal",
      "do two",
      "journal",
      "companion ends",
      "watch over",
      "undone",
      "undone",
      "10.244.0.2:9091/admin/schedule/resume",
    ]);
    const { startedAt, doStartedAt, doEndedAt, endedAt } = record;
    // 5 s settled, two actions of 2 s, 5 s more for the companion.
    expect([doStartedAt - startedAt, doEndedAt - doStartedAt, endedAt - doEndedAt]).toEqual([5000, 4000, 5000]);
    expect(record.traffic["new"]).toMatchObject({ id: "new" });
    expect(record.pods.map((pod) => pod.name).sort()).toEqual(["ledger-a", "payments-a"]);
    expect(record.unsettled).toBeUndefined();
  });

  const paused = "10.244.0.2:9091/admin/schedule/pause";
  const resumed = "10.244.0.2:9091/admin/schedule/resume";
  const went = [paused, "watch", "do one", "journal", "watch over", "undone", resumed];

  test("measures once more when this program stood still, after all was put back", async () => {
    const { log, context, types } = scene({ stops: 1 });
    const record = await runExperiment(fakeExperiment("e", [], { settle, do: [say("one")] }), context, { types });
    expect(log).toEqual([...went, "this program stood still for 60 s; measuring again", ...went]);
    expect(record.endedAt - record.startedAt).toBe(7000);
  });

  test("gives up when it stood still again", async () => {
    const { log, context, types } = scene({ stops: 2 });
    const running = runExperiment(fakeExperiment("e", [], { settle, do: [say("one")] }), context, { types });
    await expect(running).rejects.toThrow(
      "could not measure: this program stood still for 60 s, and had done so before",
    );
    expect(log.filter((line) => line === "undone")).toHaveLength(2);
  });

  test("takes no step of the time of day for time", async () => {
    const { context, types, clock } = scene();
    const running = runExperiment(fakeExperiment("e", [], { settle, do: [say("one")] }), context, { types });
    clock.step(-3600_000);
    const record = await running;
    expect(record.endedAt - record.startedAt).toBe(7000);
  });

  test("tells settling, actions, tail and control from its own overhead", async () => {
    const { context, types, rt } = scene();
    const slowly = <T>(ms: number, value: T) => hold(rt, ms).then(() => value);
    const slow = defineAction({
      name: "slow",
      summary: "",
      needs: [],
      params: text,
      accompany: () =>
        slowly(700, {
          afterMs: 5000,
          steady: () => slowly(900, undefined),
          end: () => slowly(100, { finished: true, detail: "" }),
        }),
    });
    const data = { target: "pod/payments-clone" };
    const clone = defineAction({
      name: "copy",
      summary: "",
      needs: [],
      params: text,
      run: () => slowly(3000, { finished: true, detail: "", data }),
    });
    const experiment = fakeExperiment("e", [], {
      settle,
      do: [say("one")],
      with: [{ name: "slow", params: {} }],
      control: { name: "copy", params: {} },
    });
    const lock = await mkdtemp(join(tmpdir(), "labs-run-"));
    const at = { ...rt, paths: { ...rt.paths, data: lock }, host: { ...rt.host, pid: process.pid } };
    const record = await runExperiment(experiment, { ...context, rt: at }, { types: [...types, slow, clone] });
    await rm(lock, { recursive: true });
    // Settled 5 s, did 2 s, ran on for 5.1 s, controlled for 3 s; starting the companion took 1.6 s more.
    expect([record.windowMs, record.endedAt - record.startedAt]).toEqual([15_100, 16_700]);
  });

  test("records each action, and goes on after one that did not finish", async () => {
    const { context, types } = scene();
    const experiment = fakeExperiment("e", [], { settle, do: [say("unfinished"), say("two")] });
    const record = await runExperiment(experiment, context, { types });
    expect(
      record.actions.map(({ detail, finished, endedAt, startedAt }) => [detail, finished, endedAt - startedAt]),
    ).toEqual([
      ["said unfinished", false, 2000],
      ["said two", true, 2000],
    ]);
    expect(record.actions[1]).toMatchObject({ action: "step", targets: ["payments-a"], data: { say: "two" } });
    // Without companions nothing runs on.
    expect(record.endedAt).toBe(record.doEndedAt);
  });

  test("does nothing to a workload that is not settled, and says why", async () => {
    const { log, context, types } = scene({ paymentsReady: false });
    const record = await runExperiment(fakeExperiment("e", [], { settle, do: [say("one")], with: [beside] }), context, {
      types,
    });
    expect(record.unsettled).toBe("pod/payments-a is not ready (Running), 0 restarts");
    expect(record.actions).toEqual([]);
    expect(record.windowMs).toBe(60_000);
    expect(log).toEqual(["10.244.0.2:9091/admin/schedule/pause", "10.244.0.2:9091/admin/schedule/resume"]);
  });

  test.each([
    ["an action throws", "throw", { message: "the action failed" }],
    ["Ctrl-C comes", "abort", { message: "interrupted", exitCode: 130 }],
  ])("undoes everything when %s", async (_, word, error) => {
    const { log, context, types } = scene();
    const running = runExperiment(fakeExperiment("e", [], { settle, do: [say(word)], with: [beside] }), context, {
      types,
    });
    await expect(running).rejects.toMatchObject(error);
    expect(log.slice(log.indexOf("journal"))).toEqual([
      "journal",
      "undone",
      "companion ends",
      "watch over",
      "10.244.0.2:9091/admin/schedule/resume",
    ]);
  });

  test("fails when something could not be undone, and names the cure", async () => {
    const { context, types } = scene();
    const journal = { open: async () => () => Promise.reject(new Error("engine is away")) };
    const running = runExperiment(
      fakeExperiment("e", [], { settle, do: [say("one")] }),
      { ...context, journal },
      { types },
    );
    await expect(running).rejects.toMatchObject({
      exitCode: 3,
      cure: "labs reset",
      message: expect.stringContaining("engine is away"),
    });
  });

  test("leaves a stage without schedules alone", async () => {
    const { log, context, types } = scene({ scheduleStatus: 404 });
    await runExperiment(fakeExperiment("e", [], { settle, do: [say("one")] }), context, { types });
    expect(log.filter((line) => line.includes("schedule"))).toEqual(["10.244.0.2:9091/admin/schedule/pause"]);
  });

  test("waits for a stage pod that has no address yet", async () => {
    const { log, context, types } = scene({ ledgerAddressAfter: 3 });
    await runExperiment(fakeExperiment("e", [], { settle, do: [say("one")] }), context, { types });
    expect(log.slice(0, 2)).toEqual(["10.244.0.2:9091/admin/schedule/pause", "watch"]);
  });

  test("does not go on when the stage cannot be paused", async () => {
    const { log, context, types } = scene({ scheduleStatus: 401 });
    const running = runExperiment(fakeExperiment("e", [], { settle, do: [say("one")] }), context, { types });
    await expect(running).rejects.toThrow("the stage could not be paused: ledger-a did not accept");
    expect(log).not.toContain("do one");
  });

  test("holds the machine-wide lock while it measures", async () => {
    const data = await mkdtemp(join(tmpdir(), "labs-run-"));
    const { context, rt } = scene();
    const at = { ...rt, paths: { ...rt.paths, data }, host: { ...rt.host, pid: process.pid } };
    const holders: unknown[] = [];
    const { lockOwner } = await import("../../src/lib/lock.ts");
    const look = defineAction({
      name: "look",
      summary: "",
      needs: [],
      measures: true,
      params: text,
      run: async () => {
        holders.push((await lockOwner(join(data, "measurement.lock")))?.pid);
        return { finished: true, detail: "" };
      },
    });
    const experiment = fakeExperiment("e", [], { settle, do: [{ name: "look", params: {} }] });
    await runExperiment(experiment, { ...context, rt: at }, { types: [look] });
    expect(holders).toEqual([process.pid]);
    await rm(data, { recursive: true });
  });
});
