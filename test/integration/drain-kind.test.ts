import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { ActionContext } from "../../src/experiments/action.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { ActionSpec } from "../../src/lab/lab.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import type { Session } from "../../src/session/session.ts";
import { isCordoned, workerNodes } from "../../src/system/nodes.ts";
import type { RunRecord } from "../../src/system/record.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 1, fresh: false };
const namespace = "shop";
const role = "node-role.kubernetes.io/control-plane";
const of = "deployment/checkout";

function budget(name: string, spec: Record<string, unknown>): KubeObject {
  const selector = { matchLabels: { app: "checkout" } };
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name, namespace },
    spec: { selector, ...spec },
  };
}

// On the worker while it takes pods, else on the control plane.
const checkout: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "checkout", namespace },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: "checkout" } },
    template: {
      metadata: { labels: { app: "checkout" } },
      spec: {
        tolerations: [{ key: role, operator: "Exists", effect: "NoSchedule" }],
        affinity: {
          nodeAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [
              { weight: 100, preference: { matchExpressions: [{ key: role, operator: "DoesNotExist" }] } },
            ],
          },
        },
        containers: [
          {
            name: "checkout",
            image: goAppImage,
            imagePullPolicy: "Never",
            readinessProbe: { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
};

describeKind("drains and evictions in a cluster", () => {
  let sandbox: KindSandbox;
  let session: Session = fakeSession();

  async function run(...actions: ActionSpec[]): Promise<RunRecord> {
    const update = async (change: (before: Session) => Session): Promise<void> => {
      session = change(session);
    };
    const context: ActionContext = {
      rt,
      lab: fakeLab({ stage: [] }),
      session,
      sandbox,
      namespace,
      evaluate: () => Promise.reject(new Error("no nested checks")),
      progress: () => undefined,
      journal: createJournal({ update, undo: (entry) => undoEntry(entry, sandbox) }),
    };
    const record = await runExperiment(fakeExperiment("e", [], { do: actions }), context);
    expect(record.unsettled).toBeUndefined();
    expect(session.open).toEqual([]);
    const nodes = await workerNodes(sandbox.kube);
    expect(nodes.map(isCordoned)).toEqual([false]);
    return record;
  }

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    sandbox = made.sandbox;
    await sandbox.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const object of [checkout, budget("checkout", { minAvailable: 2 })]) await sandbox.kube.apply(object);
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("cannot drain while the budget lets nobody go", async () => {
    const record = await run(
      { name: "drain", params: { nodesOf: of, within: "4s" } },
      { name: "evict", params: { of } },
    );
    const refusal = "429 from poddisruptionbudget/checkout: needs 2 healthy pods and has 2";
    expect(record.actions).toMatchObject([
      { finished: false, detail: expect.stringContaining(refusal) },
      { finished: true, detail: `0 of 2 evictions at once were accepted, the others not: ${refusal}` },
    ]);
    const look = (spec: object) =>
      runCheck({ type: "evictions", of, ...spec }, fakeCheckContext([], { rt, sandbox, namespace }));
    expect(await look({ refused: { atLeast: 2, by: "budget" } })).toMatchObject({ outcome: "pass" });
    const pods = await sandbox.kube.list({ apiVersion: "v1", kind: "Pod", namespace });
    expect(pods.map((pod) => pod.metadata.deletionTimestamp)).toEqual([undefined, undefined]);
  });

  it("knows that two budgets for one pod help nobody", async () => {
    const second = await sandbox.kube.create(budget("second", { maxUnavailable: 1 }));
    const record = await run({ name: "drain", params: { nodesOf: of, within: "60s" } });
    expect(record.actions).toMatchObject([
      { finished: false, detail: expect.stringContaining("more than one PodDisruptionBudget") },
    ]);
    await sandbox.kube.delete({ ...second, name: "second", namespace });
  });

  it("lets one go at a time, and drains", async () => {
    const ref = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name: "checkout", namespace };
    await sandbox.kube.patch(ref, { spec: { minAvailable: null, maxUnavailable: 1 } }, "merge");
    const record = await run(
      { name: "evict", params: { of } },
      { name: "recover", params: { workload: of, within: "40s" } },
      { name: "drain", params: { nodesOf: of, within: "60s" } },
      { name: "cordon", params: { nodesWith: `!${role}` } },
    );
    expect(record.actions).toMatchObject([
      { finished: true, detail: expect.stringContaining("1 of 2 evictions at once were accepted") },
      { finished: true },
      { finished: true, detail: expect.stringContaining("-worker empty after") },
      { finished: true, detail: expect.stringContaining("-worker cordoned") },
    ]);
    const counts = record.available.filter((one) => one.workload === of).map((one) => one.available);
    expect([counts[0], Math.min(...counts), counts.at(-1)]).toEqual([2, 1, 2]);
    const pods = await sandbox.kube.list({ apiVersion: "v1", kind: "Pod", namespace });
    const nodes = pods.map((pod) => Object(pod["spec"])["nodeName"]);
    expect(nodes.every((node) => String(node).endsWith("-control-plane"))).toBe(true);
  });
});
