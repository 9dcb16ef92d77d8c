import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ActionContext } from "../../src/experiments/action.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { Experiment } from "../../src/lab/lab.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import type { Session } from "../../src/session/session.ts";
import type { RunRecord } from "../../src/system/record.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const name = kindProvider.nameFor(rt, topology);
const token = randomBytes(8).toString("hex");
const namespace = "shop";

function deployment(app: string, replicas: number, container: Record<string, unknown>): KubeObject {
  const labels = { app };
  const main = { name: app, image: goAppImage, imagePullPolicy: "Never", ...container };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: app, namespace },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [main] } },
    },
  };
}

function service(app: string): KubeObject {
  const ports = [{ port: 80, targetPort: 8080 }];
  return { apiVersion: "v1", kind: "Service", metadata: { name: app, namespace }, spec: { selector: { app }, ports } };
}

const probe = (path: string, failureThreshold: number) => ({
  httpGet: { path, port: 8080 },
  periodSeconds: 2,
  timeoutSeconds: 1,
  failureThreshold,
});
const ledger = deployment("ledger", 1, {
  args: ["dep"],
  env: [
    { name: "ADMIN_TOKEN", value: token },
    { name: "FAIL_SCHEDULE", value: "every=4s,for=4s,mode=fail" },
  ],
});
const payments = deployment("payments", 2, {
  args: ["serve"],
  env: [
    { name: "ADMIN_TOKEN", value: token },
    { name: "DEP_ADDR", value: "http://ledger" },
    { name: "READYZ_CHECKS", value: "self,dep" },
    { name: "SHUTDOWN_TIMEOUT", value: "2s" },
  ],
  livenessProbe: probe("/livez", 3),
  readinessProbe: probe("/readyz", 1),
  resources: { limits: { cpu: "500m", memory: "64Mi" }, requests: { cpu: "20m" } },
});

/** New restarts of each pod of a workload. */
function restartsOf(record: RunRecord, workload: string): Record<string, number> {
  const first = new Map<string, number>();
  const restarts: Record<string, number> = {};
  for (const pod of record.pods.filter((seen) => seen.workload === workload)) {
    const before = first.get(pod.name) ?? pod.restarts;
    first.set(pod.name, before);
    restarts[pod.name] = pod.restarts - before;
  }
  return restarts;
}

describeKind("experiments in a cluster", () => {
  let sandbox: KindSandbox;
  let session: Session = fakeSession({ values: { token } });

  async function run(experiment: Partial<Experiment>): Promise<RunRecord> {
    const update = async (change: (before: Session) => Session): Promise<void> => {
      session = change(session);
    };
    const context: ActionContext = {
      rt,
      lab: fakeLab({ stage: [ledger] }),
      session,
      sandbox,
      namespace,
      evaluate: () => Promise.reject(new Error("no nested checks")),
      progress: () => undefined,
      journal: createJournal({ update, undo: (entry) => undoEntry(entry, sandbox) }),
    };
    const record = await runExperiment(fakeExperiment("e", [], experiment), context);
    expect(record.unsettled).toBeUndefined();
    expect(session.open).toEqual([]);
    return record;
  }

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    sandbox = made.sandbox;
    await sandbox.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const object of [ledger, service("ledger"), payments, service("payments")]) await sandbox.kube.apply(object);
  });

  afterAll(async () => {
    await kindProvider.remove(rt, name);
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("an outage makes the pods unready and restarts nothing; they recover", async () => {
    // Ready at all only because the ledger's own failures are paused: they never end.
    const record = await run({
      do: [
        { name: "outage", params: { target: "deployment/ledger", mode: "fail", for: "10s" } },
        { name: "recover", params: { workload: "deployment/payments", within: "20s" } },
      ],
      with: [
        { name: "traffic", params: { name: "dep", to: "service/payments", path: "/dep", rate: 5, connections: "new" } },
      ],
    });
    expect(record.actions).toMatchObject([
      {
        action: "outage",
        finished: true,
        detail: expect.stringMatching(/fail for 10 s, [1-9]\d* of its requests failed/),
      },
      { action: "recover", finished: true },
    ]);
    expect(Object.values(restartsOf(record, "deployment/payments"))).toEqual([0, 0]);
    const { available } = record;
    const counts = available.filter((one) => one.workload === "deployment/payments").map((one) => one.available);
    expect([counts[0], Math.min(...counts), counts.at(-1)]).toEqual([2, 0, 2]);
    const { ok = 0, failed = 0 } = record.traffic["dep"] ?? {};
    expect(ok).toBeGreaterThan(20);
    expect(failed).toBeGreaterThan(30);
  });

  it("a deadlocked pod is restarted, and only that one", async () => {
    const record = await run({ do: [{ name: "deadlock", params: { workload: "deployment/payments", hold: "60s" } }] });
    const [action] = record.actions;
    expect(action).toMatchObject({ finished: true, detail: expect.stringContaining("restarted") });
    const restarts = restartsOf(record, "deployment/payments");
    expect(Object.values(restarts).sort((a, b) => a - b)).toEqual([0, 1]);
    expect(restarts[action?.targets[0] ?? ""]).toBe(1);
  });

  it("kills a process, rolls, scales, and runs a program once", async () => {
    const workload = "deployment/payments";
    const record = await run({
      do: [
        { name: "kill", params: { workload, how: "process" } },
        { name: "recover", params: { workload, within: "60s" } },
        { name: "roll", params: { workload, within: "60s" } },
        { name: "kill", params: { workload, pods: 2, how: "delete" } },
        { name: "recover", params: { workload, within: "60s" } },
        { name: "scale", params: { workload, replicas: 3, within: "60s" } },
        { name: "run", params: { of: workload, args: ["version"] } },
      ],
    });
    expect(record.actions.map(({ action, finished }) => [action, finished])).toEqual([
      ["kill", true],
      ["recover", true],
      ["roll", true],
      ["kill", true],
      ["recover", true],
      ["scale", true],
      ["run", true],
    ]);
    expect(record.actions.at(-1)?.data).toMatchObject({ exitCode: 0, output: expect.stringMatching(/\S/) });
    expect(record.pods.some((pod) => pod.lastEnd.endsWith("exit 137"))).toBe(true);
    const after = await sandbox.kube.get({ kind: "Deployment", apiVersion: "apps/v1", name: "payments", namespace });
    expect(after?.["spec"]).toMatchObject({ replicas: 2 });
  });

  it("measures each pod under load, and a clone without the limit beside it", async () => {
    const load = { to: "service/payments", path: "/burn?ms=100&fanout=4", rate: 4, for: "6s" };
    const record = await run({
      do: [{ name: "load", params: load }],
      control: { name: "clone", params: { of: "deployment/payments", drop: "cpu-limit" } },
    });
    expect(record.cpu.map((window) => window.after.quotaMicros)).toEqual([50_000, 50_000]);
    expect(record.control?.cpu.map((window) => window.after.quotaMicros)).toEqual([-1]);
    expect(record.control?.traffic["load"]?.ok).toBeGreaterThan(10);
    expect(await sandbox.kube.list({ kind: "Pod", namespace, labelSelector: "dev.labs/clone" })).toEqual([]);
  });
});
