import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ActionContext } from "../../src/experiments/action.ts";
import { configChange } from "../../src/experiments/actions/config-change.ts";
import { tick } from "../../src/experiments/actions/tick.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import type { Session } from "../../src/session/session.ts";
import { awaitRolled } from "../../src/system/settle.ts";
import { fakeLab } from "../fakes/lab.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const token = randomBytes(8).toString("hex");
const namespace = "shop";
const workload = { kind: "deployment", name: "web" } as const;
const settings = {
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "settings", namespace },
  data: { address: "postgres://first" },
};

function web(env: readonly Record<string, unknown>[]) {
  const labels = { app: "web" };
  const main = {
    name: "web",
    image: goAppImage,
    imagePullPolicy: "Never",
    args: ["serve"],
    env: [{ name: "ADMIN_TOKEN", value: token }, { name: "CACHE_MB_PER_MIN", value: "60" }, ...env],
    readinessProbe: { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 1 },
    resources: { limits: { memory: "96Mi" } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web", namespace },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 2, containers: [main] } },
    },
  };
}

const fromMap = { name: "DATABASE_URL", valueFrom: { configMapKeyRef: { name: "settings", key: "address" } } };
const literal = { name: "DATABASE_URL", value: "postgres://first" };

describeKind("settings and memory of a service in a cluster", () => {
  let sandbox: KindSandbox;
  let session: Session = fakeSession({ values: { token } });

  function context(): ActionContext {
    const update = async (change: (before: Session) => Session): Promise<void> => {
      session = change(session);
    };
    return {
      rt,
      lab: fakeLab(),
      session,
      sandbox,
      namespace,
      evaluate: () => Promise.reject(new Error("no nested checks")),
      progress: () => undefined,
      journal: createJournal({ update, undo: (entry) => undoEntry(entry, sandbox) }),
    };
  }

  async function deploy(...env: readonly Record<string, unknown>[]): Promise<void> {
    const pods = await sandbox.kube.list({ apiVersion: "v1", kind: "Pod", namespace });
    await sandbox.kube.apply(web(env));
    const old = new Set(pods.map((pod) => pod.metadata.uid ?? ""));
    expect(await awaitRolled(context(), workload, old, 60_000)).toMatchObject({ ok: true });
  }

  const change = () => {
    const changes = [{ configmap: "settings", setting: "DATABASE_URL", value: "postgres://*" }];
    return configChange.run?.(configChange.params.parse({ workload: "deployment/web", changes }), context());
  };

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    sandbox = made.sandbox;
    await sandbox.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await sandbox.kube.apply(settings);
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("a change of the ConfigMap reaches a pod that reads it, and nothing stays changed", async () => {
    await deploy(fromMap);
    expect(await change()).toMatchObject({ finished: true });
    expect(session.open).toEqual([]);
    const { apiVersion, kind, metadata } = settings;
    expect(await sandbox.kube.get({ apiVersion, kind, name: metadata.name, namespace })).toMatchObject({
      data: settings.data,
    });
    const replicaSets = await sandbox.kube.list({ apiVersion: "apps/v1", kind: "ReplicaSet", namespace });
    expect(replicaSets).toHaveLength(2);
  });

  it("it does not reach a pod that has the same value of its own", async () => {
    await deploy(literal);
    expect(await change()).toMatchObject({ finished: false, detail: expect.stringContaining("does not use the new") });
  });

  it("a cache without a bound dies of a tick, a bounded one is measured", async () => {
    const run = () => tick.run?.(tick.params.parse({ workload: "deployment/web", minutes: 5, hold: "3s" }), context());
    expect(await run()).toMatchObject({ finished: false, detail: expect.stringContaining("exit 137") });
    await deploy({ name: "CACHE_MAX_MB", value: "8" }, { name: "GOMEMLIMIT", value: "60MiB" });
    expect(await run()).toMatchObject({ finished: true, detail: expect.stringMatching(/ \d\d of 96 MiB/) });
    const spec = { type: "memory", of: "deployment/web", limit: { atMost: "96Mi" }, used: { atMost: 0.9 } };
    expect((await runCheck(spec, context())).outcome).toBe("pass");
  });
});
