import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const token = "t0ken";
const namespaces = ["shop", "outside"];

function workload(name: string, namespace: string, args: readonly string[]): KubeObject {
  const container = {
    name,
    image: goAppImage,
    imagePullPolicy: "Never",
    args,
    env: [{ name: "ADMIN_TOKEN", value: token }],
    resources: { requests: { cpu: "20m" }, limits: { cpu: "1" } },
  };
  const labels = { app: name };
  const template = { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } };
  const spec = { selector: { matchLabels: labels }, template };
  return { apiVersion: "apps/v1", kind: "Deployment", metadata: { name, namespace }, spec };
}

// All of it is used up by the one pod that stays.
const quota: KubeObject = {
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "cpu", namespace: "shop" },
  spec: { hard: { "limits.cpu": "1" }, scopes: ["NotTerminating"] },
};

describeKind("quiet around a measurement", () => {
  beforeAll(async () => {
    const { sandbox } = await upCluster(rt, topology);
    for (const name of namespaces) {
      await sandbox.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
    }
    const { kube } = sandbox;
    await kube.apply(quota);
    await kube.apply(workload("api", "shop", ["serve"]));
    await kube.apply(workload("clients", "outside", ["load"]));
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("clients are away, control included, and come back; a clone needs no room in a quota for what stays", async () => {
    const sandbox = await kindProvider.open(rt, kindProvider.nameFor(rt, topology));
    if (sandbox === undefined) throw new Error("the cluster is gone");
    const seen: unknown[] = [];
    const clients = { apiVersion: "apps/v1", kind: "Deployment", name: "clients", namespace: "outside" };
    const context = fakeActionContext({
      rt,
      sandbox,
      lab: fakeLab({ namespaces }),
      session: fakeSession({ values: { token } }),
      journal: {
        open: async (entry) => async () => {
          if (entry.undo === "remove-object") seen.push((await sandbox.kube.get(clients))?.["spec"]);
          await undoEntry({ ...entry, id: entry.undo }, sandbox);
        },
      },
    });
    const load = { name: "work", to: "deployment/api", path: "/work", rate: 5, for: "3s" };
    const record = await runExperiment(
      fakeExperiment("e", [], {
        settle: ["deployment/api"],
        do: [{ name: "load", params: load }],
        with: [{ name: "pause", params: { workload: "deployment/clients", namespace: "outside" } }],
        control: { name: "clone", params: { of: "deployment/api", drop: "cpu-limit" } },
      }),
      context,
    );
    expect(record.unsettled).toBeUndefined();
    expect(record.pods.some((pod) => pod.workload === "deployment/clients" && pod.gone)).toBe(true);
    expect(record.control?.cpu.map((window) => window.after.quotaMicros)).toEqual([-1]);
    expect(seen).toMatchObject([{ replicas: 0 }]);
    expect((await sandbox.kube.get(clients))?.["spec"]).toMatchObject({ replicas: 1 });
  });
});
