import { randomBytes } from "node:crypto";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type LookContext, look } from "../../src/checks/look.ts";
import type { ActionContext } from "../../src/experiments/action.ts";
import { runExperiment } from "../../src/experiments/run.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const token = randomBytes(8).toString("hex");
const namespace = "shop";
const labels = { app: "payments" };

function payments(version: string, cpu: string): KubeObject {
  const env = [
    { name: "ADMIN_TOKEN", value: token },
    { name: "VERSION", value: version },
  ];
  const readinessProbe = { httpGet: { path: "/readyz", port: 8080 }, periodSeconds: 1 };
  const main = { name: "main", image: goAppImage, imagePullPolicy: "Never", args: ["serve"], env, readinessProbe };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "payments", namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ ...main, resources: { requests: { cpu } } }] } },
    },
  };
}

const service: KubeObject = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "payments", namespace },
  spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
};

describeKind("what pods ask for and what they use", () => {
  let sandbox: KindSandbox;
  let context: LookContext;

  /** Verdicts on one load of about 100m a pod. */
  async function verdicts(): Promise<Record<string, string>> {
    const action: ActionContext = {
      ...context,
      evaluate: () => Promise.reject(new Error("no nested checks")),
      progress: () => undefined,
      journal: { open: () => Promise.reject(new Error("nothing to undo")) },
    };
    const params = {
      name: "ask",
      to: "service/payments",
      path: "/work?ms=20",
      rate: 10,
      connections: "new",
      for: "4s",
    };
    const experiment = fakeExperiment("busy", [], { settle: ["deployment/payments"], do: [{ name: "load", params }] });
    const record = await runExperiment(experiment, action);
    const judge = async (type: string, rest: object) => (await look({ type, ...rest }, { ...context, record })).outcome;
    return {
      request: await judge("cpu-request", { of: "deployment/payments", atLeast: 0.8 }),
      v1: await judge("traffic", { from: "ask", versions: { only: "v1" } }),
      v2: await judge("traffic", { from: "ask", versions: { only: "v2" } }),
    };
  }

  beforeAll(async () => {
    const made = await upCluster(rt, topology);
    sandbox = made.sandbox;
    context = { rt, lab: fakeLab(), session: fakeSession({ values: { token } }), sandbox, namespace };
    await sandbox.kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
    await sandbox.kube.apply(service);
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it("refuses a request below what is used, and takes one above", async () => {
    await sandbox.kube.apply(payments("v1", "20m"));
    expect(await verdicts()).toEqual({ request: "fail", v1: "pass", v2: "fail" });
    await sandbox.kube.apply(payments("v2", "300m"));
    expect(await verdicts()).toEqual({ request: "pass", v1: "fail", v2: "pass" });
  });
});
