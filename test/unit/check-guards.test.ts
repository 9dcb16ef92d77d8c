import { describe, expect, it } from "vitest";
import { instrumented } from "../../src/checks/guards/instrumented.ts";
import { stageIntact } from "../../src/checks/guards/stage-intact.ts";
import type { ContainerState } from "../../src/docker/docker.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { dockerAgent, fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeLab } from "../fakes/lab.ts";
import { fakeDeployment } from "../fakes/objects.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";

const probe = { httpGet: { path: "/livez", port: 8080 } };
const container = {
  name: "payments",
  image: "labs/go-app:v1",
  args: ["serve", "--quick"],
  env: [
    { name: "ADMIN_TOKEN", value: "t0ken" },
    { name: "HEALTHZ_CHECKS", value: "self,dep" },
  ],
  livenessProbe: probe,
  resources: { requests: { cpu: "50m" }, limits: { memory: "64Mi" } },
};
const base = fakeDeployment({ containers: [container] });

/** The cluster as it is now, against a reference of base (and stage). */
function clusterContext(
  live: readonly KubeObject[],
  stage: readonly KubeObject[] = [],
  reference: readonly KubeObject[] = [base],
) {
  return fakeCheckContext(live, { session: fakeSession({ reference: { provider: "kind", stage, base: reference } }) });
}

function containerChanged(change: object): KubeObject {
  return fakeDeployment({ containers: [{ ...container, ...change }] });
}

async function keeps(
  keep: string,
  live: readonly KubeObject[],
  reference: readonly KubeObject[] = [base],
): Promise<string> {
  return (await runCheck({ type: "preserve", keep: [keep] }, clusterContext(live, [], reference))).outcome;
}

const budget = (selector: unknown): KubeObject => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "any-name", namespace: "shop" },
  spec: { selector },
});

const quota = (cpu: string): KubeObject => ({
  apiVersion: "v1",
  kind: "ResourceQuota",
  metadata: { name: "q", namespace: "shop" },
  spec: { hard: { cpu } },
});

const node = (spec: object, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n1", labels },
  spec,
});

/** The workload with one more init container. */
function withHelper(helper: object): KubeObject {
  const pod = { containers: [container], initContainers: [{ name: "helper", ...helper }] };
  return fakeDeployment({ spec: { template: { metadata: { labels: { app: "payments" } }, spec: pod } } });
}

describe("preserve in a cluster", () => {
  it.each([
    ["replicas", fakeDeployment({ spec: { replicas: 3 } }), "pass"],
    ["replicas", fakeDeployment({ spec: { replicas: 1 } }), "fail"],
    ["image", containerChanged({ env: [] }), "pass"],
    ["image", containerChanged({ image: "nginx" }), "fail"],
    ["image", containerChanged({ name: "other" }), "fail"],
    ["image", fakeDeployment({ containers: [container, { name: "extra", image: "nginx" }] }), "fail"],
    ["image", withHelper({ image: "busybox" }), "pass"],
    ["image", withHelper({ image: "busybox", restartPolicy: "Always" }), "pass"],
    ["image", withHelper({ image: "proxy", restartPolicy: "Always", ports: [{ containerPort: 8080 }] }), "fail"],
    ["labels", fakeDeployment({ labels: { app: "payments", tier: "back" } }), "pass"],
    ["labels", fakeDeployment({ labels: { tier: "back" } }), "fail"],
    [
      "probes",
      containerChanged({ livenessProbe: { exec: { command: ["/app", "probe"] } }, readinessProbe: probe }),
      "pass",
    ],
    ["probes", containerChanged({ livenessProbe: undefined }), "fail"],
    ["requests", containerChanged({ resources: { requests: { cpu: "1m" } } }), "pass"],
    ["requests", containerChanged({ resources: { limits: { memory: "64Mi" } } }), "fail"],
    ["limits", containerChanged({ resources: { requests: { cpu: "50m" } } }), "fail"],
  ])("%s", async (keep, live, outcome) => {
    expect(await keeps(keep, [live])).toBe(outcome);
  });

  it.each([
    [{ requests: { cpu: "12m" } }, "pass"],
    [{ requests: { memory: "1Mi" } }, "fail"],
    [{ limits: { cpu: "12m" } }, "fail"],
  ])("takes requests of the whole pod for those of its containers: %o", async (resources, outcome) => {
    const bare = { ...container, resources: {} };
    const template = { metadata: { labels: { app: "payments" } }, spec: { containers: [bare], resources } };
    expect(await keeps("requests", [fakeDeployment({ spec: { template } })])).toBe(outcome);
  });

  it("compares by name, and tells what was there", async () => {
    const again = { ...base, metadata: { ...base.metadata, uid: "another" } };
    expect(await keeps("replicas", [again])).toBe("pass");
    expect(await keeps("replicas", [])).toBe("fail");
    const seen = await runCheck(
      { type: "preserve", keep: ["replicas", "image"] },
      clusterContext([fakeDeployment({ spec: { replicas: 0 } })]),
    );
    expect(seen).toMatchObject({
      observed: "deployment/payments spec.replicas 0, was 2",
      lookAt: "kubectl -n shop get deployment/payments -o yaml",
    });
  });

  it("wants a budget that covers the pods, whichever", async () => {
    const covering = budget({ matchExpressions: [{ key: "app", operator: "In", values: ["payments"] }] });
    expect(await keeps("budget", [base, covering])).toBe("pass");
    expect(await keeps("budget", [base, budget({ matchLabels: { app: "other" } })])).toBe("fail");
    expect(await keeps("budget", [base, budget(undefined)])).toBe("fail");
    expect(await keeps("budget", [base])).toBe("fail");
  });

  it("keeps quotas and policies equal, none gone and none new", async () => {
    const policy: KubeObject = {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "all", namespace: "shop" },
      spec: {},
    };
    expect(await keeps("quota", [quota("1")], [quota("1")])).toBe("pass");
    expect(await keeps("quota", [quota("9")], [quota("1")])).toBe("fail");
    expect(await keeps("quota", [], [quota("1")])).toBe("fail");
    expect(await keeps("policies", [policy], [base])).toBe("fail");
  });

  it("keeps nodes, apart from what Kubernetes sets itself", async () => {
    const pressure = { taints: [{ key: "node.kubernetes.io/disk-pressure", effect: "NoSchedule" }] };
    expect(await keeps("nodes", [node(pressure, { "kubernetes.io/os": "linux" })], [node({})])).toBe("pass");
    expect(await keeps("nodes", [node({ unschedulable: true })], [node({})])).toBe("fail");
    expect(await keeps("nodes", [node({}, { disk: "ssd" })], [node({})])).toBe("fail");
  });
});

function secret(value: string): KubeObject {
  const data = { token: Buffer.from(value).toString("base64"), ADMIN_TOKEN: Buffer.from(value).toString("base64") };
  return { apiVersion: "v1", kind: "Secret", metadata: { name: "admin", namespace: "shop" }, data };
}

describe("instrumented", () => {
  it.each([
    ["another health check", { env: [{ name: "ADMIN_TOKEN", value: "t0ken" }] }, "pass"],
    ["the role in command", { command: ["/app", "serve"], args: [] }, "pass"],
    ["other flags", { args: ["--slow"] }, "pass"],
    ["another token", { env: [{ name: "ADMIN_TOKEN", value: "x" }] }, "fail"],
    ["no token", { env: [] }, "fail"],
    ["another admin port", { env: [...container.env, { name: "ADMIN_PORT", value: "1" }] }, "fail"],
    ["another image", { image: "nginx" }, "fail"],
    ["another program", { command: ["sleep", "infinity"] }, "fail"],
    ["another role", { args: ["sleep"] }, "fail"],
    ["another container", { name: "other" }, "fail"],
  ])("with %s", async (_name, change, outcome) => {
    expect((await instrumented(clusterContext([containerChanged(change)]))).outcome).toBe(outcome);
  });

  const byKey = { env: [{ name: "ADMIN_TOKEN", valueFrom: { secretKeyRef: { name: "admin", key: "token" } } }] };
  const byName = { env: [], envFrom: [{ secretRef: { name: "admin" } }] };

  it.each([
    ["by its key", byKey, "t0ken", "pass"],
    ["by its key, with another value", byKey, "x", "fail"],
    ["by its name", byName, "t0ken", "pass"],
    ["by its name, with another value", byName, "x", "fail"],
  ])("takes the token from a Secret %s", async (_name, change, value, outcome) => {
    const seen = await instrumented(clusterContext([containerChanged(change), secret(value)]));
    expect(seen.outcome).toBe(outcome);
  });

  it("does not take a token from a Secret that is not there", async () => {
    expect((await instrumented(clusterContext([containerChanged(byKey)]))).outcome).toBe("fail");
  });

  it("takes the program that the lab itself has put there, not another", async () => {
    const fault = [{ do: "apply" as const, objects: [containerChanged({ command: ["/server"] })] }];
    const lab = fakeLab({ variants: [{ id: "main", fault, fails: [] }] });
    const withFault = (change: object) => {
      const context = clusterContext([containerChanged(change)]);
      return { ...context, lab, session: { ...context.session, variant: "main" } };
    };
    expect((await instrumented(withFault({ command: ["/server"] }))).outcome).toBe("pass");
    expect((await instrumented(withFault({}))).outcome).toBe("pass");
    expect((await instrumented(withFault({ command: ["/other"] }))).outcome).toBe("fail");
  });

  it("says how to get it back", async () => {
    expect(await instrumented(clusterContext([]))).toMatchObject({
      outcome: "fail",
      observed: "deployment/payments is gone; labs reset sets it up again",
    });
  });
});

describe("the guards of a Docker lab", () => {
  const api = fakeContainer({
    name: "labs-abc123-api",
    networks: ["labs-abc123"],
    env: { ADMIN_TOKEN: "t0ken", GOMAXPROCS: "16" },
    nanoCpus: 1e9,
    memoryBytes: 64,
  });

  const context = (live: readonly ContainerState[]) =>
    fakeCheckContext([], {
      sandbox: fakeDockerSandbox({ docker: fakeDocker([...live, dockerAgent]) }),
      session: fakeSession({ reference: { provider: "docker", stage: [api], base: [api] } }),
    });

  it.each([
    ["the same", {}, ["pass", "pass", "pass"]],
    ["a repaired variable", { env: { ADMIN_TOKEN: "t0ken" }, nanoCpus: 2e9 }, ["pass", "pass", "fail"]],
    ["no CPU limit", { nanoCpus: 0 }, ["fail", "pass", "fail"]],
    ["another image", { imageId: "sha256:2" }, ["fail", "fail", "fail"]],
    ["another network", { networks: ["bridge"] }, ["pass", "fail", "fail"]],
    ["a stopped container", { status: "exited" } as const, ["pass", "pass", "fail"]],
    ["another program", { args: ["sleep"] }, ["pass", "pass", "fail"]],
  ])("see %s", async (_name, change, outcomes) => {
    const now = context([{ ...api, ...change }]);
    const seen = [
      await runCheck({ type: "preserve", keep: ["image", "limits"] }, now),
      await instrumented(now),
      await stageIntact(now),
    ];
    expect(seen.map((one) => one.outcome)).toEqual(outcomes);
  });

  it("see that a container is gone", async () => {
    expect((await instrumented(context([]))).observed).toContain("container api is gone");
  });
});
