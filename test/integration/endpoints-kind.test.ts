import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { evaluate } from "../../src/checks/evaluate.ts";
import { type LookContext, look } from "../../src/checks/look.ts";
import type { ActionContext } from "../../src/experiments/action.ts";
import { createJournal } from "../../src/experiments/journal.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { podMember } from "../../src/system/pod.ts";
import { fakeEntry, fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const token = randomBytes(8).toString("hex");
const namespace = "shop";
const labels = { app: "web" };

const web: KubeObject = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "web", namespace },
  spec: {
    replicas: 2,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        containers: [
          {
            name: "web",
            image: goAppImage,
            imagePullPolicy: "Never",
            env: [{ name: "ADMIN_TOKEN", value: token }],
            readinessProbe: { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 2, failureThreshold: 2 },
          },
        ],
      },
    },
  },
};

const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "web", namespace },
  spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
};

const check = { type: "endpoints", service: "web", workload: "deployment/web", ready: { atLeast: 2 } };

describeKind("the addresses of a Service in a cluster", () => {
  let sandbox: KindSandbox;
  let context: LookContext;

  async function sees(outcome: string): Promise<string> {
    const entry = fakeEntry("endpoints", check, { withinMs: outcome === "pass" ? 60_000 : 0 });
    const { observation } = await evaluate(entry, context);
    expect(observation, JSON.stringify(observation)).toMatchObject({ outcome });
    return observation.observed;
  }

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    sandbox = made.sandbox;
    context = { rt, lab: fakeLab(), session: fakeSession({ values: { token } }), sandbox, namespace };
    await sandbox.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    for (const object of [web, service]) await sandbox.kube.apply(object);
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("come with new pods and go with those that are not ready", async () => {
    await sees("pass");
    const action: ActionContext = {
      ...context,
      evaluate: (spec) => look(spec, context),
      progress: () => undefined,
      journal: createJournal({ update: async () => undefined, undo: (entry) => undoEntry(entry, sandbox) }),
    };
    const given = { workload: "deployment/web", service: "web" };
    const experiment = fakeExperiment("e", [], {
      do: [
        { name: "scale", params: { workload: "deployment/web", by: 1 } },
        { name: "reach", params: { ...given, within: "20s" } },
        { name: "unready", params: given },
      ],
    });
    const { actions } = await runExperiment(experiment, action);
    expect(actions.map(({ action: name, finished, detail }) => [name, finished, detail])).toEqual([
      ["scale", true, expect.stringContaining("3 ready pods")],
      ["reach", true, expect.stringContaining("reaches all 3 pods")],
      ["unready", true, expect.stringContaining("left service/web after")],
    ]);
  });

  it("do not count when they were made by hand, and are none when nothing is selected", async () => {
    await sees("pass");
    const slice = { apiVersion: "discovery.k8s.io/v1", kind: "EndpointSlice" };
    const [pod] = await sandbox.kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector: "app=web" });
    if (pod === undefined) throw new Error("no pod");
    await sandbox.kube.create({
      ...slice,
      metadata: { name: "web-mine", namespace, labels: { "kubernetes.io/service-name": "web" } },
      addressType: "IPv4",
      endpoints: [{ addresses: [podMember(pod).host] }],
      ports: [{ port: 8080 }],
    });
    expect(await sees("fail")).toContain("web-mine");
    await sandbox.kube.delete({ ...slice, name: "web-mine", namespace });
    await sees("pass");
    await sandbox.kube.patch(
      { apiVersion: "v1", kind: "Service", name: "web", namespace },
      { spec: { selector: { app: "nobody" } } },
      "merge",
    );
    const gone = fakeEntry("gone", { type: "none", checks: [check] }, { withinMs: 10_000 });
    expect((await evaluate(gone, context)).observation).toMatchObject({ outcome: "pass" });
  });
});
