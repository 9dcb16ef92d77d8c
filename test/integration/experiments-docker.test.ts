import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ActionContext } from "../../src/experiments/action.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry, undoOpen } from "../../src/experiments/undo/undo.ts";
import type { LabContainer } from "../../src/lab/lab.ts";
import { layContainers } from "../../src/sandbox/docker/containers.ts";
import { dockerProvider } from "../../src/sandbox/docker/provider.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { DockerSandbox } from "../../src/sandbox/sandbox.ts";
import type { Session } from "../../src/session/session.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeDocker, docker } from "./docker-engine.ts";

const data = await mkdtemp(join(tmpdir(), "labs-experiments-"));
const home = `/nowhere/${randomBytes(8).toString("hex")}`;
const rt = fakeRuntime({
  clock: systemClock,
  docker: async () => docker,
  paths: { ...fakeRuntime().paths, home, data },
  host: { ...fakeRuntime().host, pid: process.pid },
});
const name = dockerProvider.nameFor(rt, { provider: "docker" });
const token = randomBytes(8).toString("hex");

const api: LabContainer = {
  name: "api",
  part: "base",
  image: goAppImage,
  args: ["serve"],
  env: { ADMIN_TOKEN: token, GOMAXPROCS: "16" },
  cpus: 0.5,
};
const ledger: LabContainer = {
  name: "ledger",
  part: "stage",
  image: goAppImage,
  args: ["dep"],
  env: { ADMIN_TOKEN: token, FAIL_SCHEDULE: "every=4s,for=4s,mode=fail" },
};

describeDocker("experiments on containers", () => {
  let sandbox: DockerSandbox;
  let session: Session = fakeSession({ values: { token }, sandbox: { provider: "docker", name } });

  function context(): ActionContext {
    const update = async (change: (before: Session) => Session): Promise<void> => {
      session = change(session);
    };
    return {
      rt,
      lab: fakeLab({ topology: { provider: "docker" }, namespaces: [], containers: [ledger, api] }),
      session,
      sandbox,
      namespace: "",
      evaluate: () => Promise.reject(new Error("no nested checks")),
      progress: () => undefined,
      journal: createJournal({ update, undo: (entry) => undoEntry(entry, sandbox) }),
    };
  }

  const names = async () => (await docker.containers({ namePrefix: `${name}-` })).map((one) => one.name).sort();

  const ledgerState = async (): Promise<unknown> => {
    const headers = { "X-Lab-Token": token };
    const answer = await sandbox.agent.request({ url: `http://${name}-ledger:9091/admin/state`, headers });
    return JSON.parse(answer.body);
  };

  beforeAll(async () => {
    ({ sandbox } = await dockerProvider.prepare(rt, { provider: "docker" }, () => undefined));
    await layContainers(sandbox, [ledger, api]);
  });

  afterAll(async () => {
    await dockerProvider.remove(rt, name);
    await rm(data, { recursive: true });
  });

  it("loads a container, measures its throttling, and does the same to a clone without the quota", async () => {
    const before = await names();
    const record = await runExperiment(
      fakeExperiment("throttled", [], {
        do: [{ name: "load", params: { to: "container/api", path: "/burn?ms=200&fanout=8", rate: 2, for: "8s" } }],
        control: { name: "clone", params: { of: "container/api", drop: "cpu-limit" } },
      }),
      context(),
    );
    expect(record.actions).toMatchObject([{ action: "load", finished: true, targets: ["api"] }]);
    expect(record.traffic["load"]).toMatchObject({ failed: 0, state: "done" });
    expect(record.traffic["load"]?.sent).toBeGreaterThanOrEqual(14);
    expect(record.cpu).toMatchObject([
      { target: "api", before: { quotaMicros: 50_000, periodMicros: 100_000, gomaxprocs: 16 } },
    ]);
    const [window] = record.cpu;
    const periods = (window?.after.nrPeriods ?? 0) - (window?.before.nrPeriods ?? 0);
    const throttled = (window?.after.nrThrottled ?? 0) - (window?.before.nrThrottled ?? 0);
    expect(periods).toBeGreaterThan(20);
    expect(throttled / periods).toBeGreaterThan(0.1);
    expect(record.control?.traffic["load"]?.ok).toBeGreaterThanOrEqual(14);
    const [control] = record.control?.cpu ?? [];
    expect(control?.target).toMatch(/^api-clone-/);
    expect(control?.after).toMatchObject({ quotaMicros: -1, gomaxprocs: 16 });
    expect((control?.after.nrThrottled ?? 1) - (control?.before.nrThrottled ?? 0)).toBe(0);
    // The clone is gone and nothing is open.
    expect(await names()).toEqual(before);
    expect(session.open).toEqual([]);
  });

  it("pauses the stage's schedule, makes an outage of its own, and resumes", async () => {
    expect(await ledgerState()).toMatchObject({ mode: "fail", source: "schedule" });
    const seen: unknown[] = [];
    const record = await runExperiment(
      fakeExperiment("outage", [], {
        do: [{ name: "outage", params: { target: "container/ledger", mode: "slow", delay: "100ms", for: "2s" } }],
        with: [{ name: "traffic", params: { name: "reads", to: "container/api", path: "/version", rate: 10 } }],
      }),
      { ...context(), progress: (text) => void (text.startsWith("ledger down 1/") && seen.push(ledgerState())) },
    );
    expect(await Promise.all(seen)).toMatchObject([
      { mode: "slow", source: "manual", pausedUntil: expect.any(String) },
    ]);
    expect(record.actions).toMatchObject([{ action: "outage", finished: true, targets: ["ledger"] }]);
    // 2 s of outage and 5 s more, at 10 a second.
    expect(record.traffic["reads"]?.ok).toBeGreaterThanOrEqual(60);
    expect(await ledgerState()).toMatchObject({ mode: "fail", source: "schedule", pausedUntil: null });
  });

  it("stops a container, measures its end and starts it again", async () => {
    const record = await runExperiment(
      fakeExperiment("stop", [], { do: [{ name: "stop", params: { container: "container/api", timeout: "5s" } }] }),
      context(),
    );
    expect(record.actions[0]).toMatchObject({ finished: true, data: { exitCode: 0 } });
    expect(record.pods.filter((pod) => pod.name === "api").map((pod) => pod.ready)).toEqual([true, false]);
    expect(await docker.inspect(`${name}-api`)).toMatchObject({ status: "running" });
    expect(session.open).toEqual([]);
  });

  it("runs a program once from the learner's image", async () => {
    const record = await runExperiment(
      fakeExperiment("run", [], { do: [{ name: "run", params: { of: "container/api", args: ["version"] } }] }),
      context(),
    );
    expect(record.actions[0]).toMatchObject({
      finished: true,
      data: { exitCode: 0, output: expect.stringMatching(/\S/) },
    });
  });

  it("puts everything back after Ctrl-C in the middle of a control", async () => {
    const before = await names();
    const kill = new AbortController();
    const interrupted = { ...context(), rt: { ...rt, signal: kill.signal } };
    const running = runExperiment(
      fakeExperiment("cut", [], {
        do: [{ name: "load", params: { to: "container/api", rate: 2, for: "2s" } }],
        control: { name: "clone", params: { of: "container/api", drop: ["cpu-limit", "env GOMAXPROCS"] } },
      }),
      { ...interrupted, progress: (text) => void (text.includes("api-clone-") && kill.abort()) },
    );
    await expect(running).rejects.toMatchObject({ exitCode: 130 });
    expect(await names()).toEqual(before);
    expect(session.open).toEqual([]);
  });

  it("undoes what a killed run left, by the session alone", async () => {
    const { journal } = context();
    const left = `${name}-api-clone-left`;
    await journal.open({ undo: "remove-container", params: { name: left }, sentence: "the clone was removed" });
    await docker.run({ name: left, image: goAppImage, args: ["sleep", "300"], network: name });
    const update = async (change: (before: Session) => Session): Promise<void> => {
      session = change(session);
    };
    expect(await undoOpen(session, { rt, sandbox, update })).toEqual(["the clone was removed"]);
    expect(await docker.inspect(left)).toBeUndefined();
    expect(session.open).toEqual([]);
  });
});
