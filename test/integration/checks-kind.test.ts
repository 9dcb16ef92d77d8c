import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { evaluate } from "../../src/checks/evaluate.ts";
import { instrumented } from "../../src/checks/guards/instrumented.ts";
import { stageIntact } from "../../src/checks/guards/stage-intact.ts";
import { type LookContext, look } from "../../src/checks/look.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { CheckSpec } from "../../src/lab/lab.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { fakeEntry, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const token = "integration-token";
const namespace = "shop";

function deployment(name: string, args: readonly string[], replicas: number): KubeObject {
  const labels = { app: name };
  const env = [{ name: "ADMIN_TOKEN", value: token }];
  const resources = { requests: { cpu: "20m" }, limits: { memory: "64Mi" } };
  const container = { name, image: goAppImage, imagePullPolicy: "IfNotPresent", args, env, resources };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
}

const rbac = { group: "rbac.authorization.k8s.io", version: "rbac.authorization.k8s.io/v1" };

const objects: readonly KubeObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "ci", namespace } },
  {
    apiVersion: rbac.version,
    kind: "Role",
    metadata: { name: "deployer", namespace },
    rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["create"] }],
  },
  {
    apiVersion: rbac.version,
    kind: "RoleBinding",
    metadata: { name: "deployer", namespace },
    roleRef: { apiGroup: rbac.group, kind: "Role", name: "deployer" },
    subjects: [{ kind: "ServiceAccount", name: "ci", namespace }],
  },
  deployment("payments", ["serve"], 2),
  deployment("crasher", ["no-such-role"], 1),
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "payments", namespace },
    spec: { selector: { app: "payments" }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "nobody", namespace },
    spec: { selector: { app: "nobody" }, ports: [{ port: 80 }] },
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "payments", namespace },
    spec: { minAvailable: 2, selector: { matchLabels: { app: "payments" } } },
  },
];

const subject = { serviceaccount: "ci" };
const payments = { workload: "deployment/payments" };
const url = "http://payments.shop.svc.cluster.local/livez";
const budget = { type: "resource", kind: "PodDisruptionBudget", name: "payments" };

/** Checks of a healthy system, and what they must see. */
const cases: readonly (readonly [name: string, spec: CheckSpec, outcome: string])[] = [
  [
    "resource with a counter at zero",
    { ...budget, path: "status.disruptionsAllowed", op: "eq", value: 0, default: 0 },
    "pass",
  ],
  [
    "resource of a built-in kind outside namespaces",
    { type: "resource", kind: "Node", path: "spec.unschedulable", op: "absent" },
    "pass",
  ],
  ["resource that is not there", { ...budget, name: "gone", path: "spec", op: "exists" }, "fail"],
  ["exists", { type: "exists", kind: "Deployment", name: "payments" }, "pass"],
  ["exists of an unknown kind", { type: "exists", kind: "Unheard" }, "fail"],
  ["absent", { type: "absent", kind: "NetworkPolicy" }, "pass"],
  ["absent of what is there", { type: "absent", kind: "Service", name: "payments" }, "fail"],
  ["absent of an unknown kind", { type: "absent", kind: "Unheard" }, "error"],
  ["condition", { type: "condition", kind: "Deployment", name: "payments", condition: "Available" }, "pass"],
  ["pods", { type: "pods", ...payments, ready: true, count: { atLeast: 2, atMost: 2 } }, "pass"],
  ["pods by selector", { type: "pods", selector: "app=crasher", ready: true }, "fail"],
  ["restarts", { type: "restarts", workload: "deployment/crasher", atLeast: 1 }, "pass"],
  ["restarts of what runs", { type: "restarts", ...payments, atLeast: 1, match: "any" }, "fail"],
  ["available", { type: "available", ...payments, atLeast: 2 }, "pass"],
  ["workload-ready", { type: "workload-ready", ...payments, min: 2 }, "pass"],
  ["workload-ready of what crashes", { type: "workload-ready", workload: "deployment/crasher" }, "fail"],
  ["logs", { type: "logs", workload: "deployment/crasher", matches: "no-such-role" }, "pass"],
  ["logs without a line", { type: "logs", ...payments, matches: "panic", absent: true, since: "fix" }, "pass"],
  ["http", { type: "http", to: "service/payments", path: "/livez", expect: { allow: { status: 200 } } }, "pass"],
  ["http proven by the lab's own service", { type: "http", url, expect: { allow: { proof: true } } }, "pass"],
  ["http denied", { type: "http", to: "service/nobody", expect: { deny: {} }, control: url }, "pass"],
  ["http not denied", { type: "http", url, expect: { deny: {} }, control: url }, "fail"],
  ["cgroup", { type: "cgroup", of: "deployment/payments", throttledRatio: { atMost: 1 }, window: "2s" }, "pass"],
  [
    "access",
    {
      type: "access",
      allow: [{ subject, verb: "create", group: "apps", resource: "deployments" }],
      deny: [{ subject, verb: "get", group: "", resource: "secrets", namespace: "kube-system" }],
    },
    "pass",
  ],
  [
    "access with a denial that is none",
    {
      type: "access",
      allow: [{ subject, verb: "create", group: "apps", resource: "deployments" }],
      deny: [{ subject, verb: "create", group: "apps", resource: "deployments" }],
    },
    "fail",
  ],
  [
    "preserve",
    {
      type: "preserve",
      keep: ["replicas", "image", "labels", "probes", "requests", "limits", "budget", "quota", "policies"],
    },
    "pass",
  ],
  [
    "all",
    {
      type: "all",
      checks: [
        { type: "exists", kind: "Service", name: "payments" },
        { ...budget, path: "spec", op: "exists" },
      ],
    },
    "pass",
  ],
];

describeKind("checks in a real cluster", () => {
  let sandbox: KindSandbox;
  let context: LookContext;

  async function live(wanted: readonly KubeObject[]): Promise<KubeObject[]> {
    const found = await Promise.all(
      wanted.map(({ apiVersion, kind, metadata: { name, namespace: place } }) =>
        sandbox.kube.get({ apiVersion, kind, name, ...(place === undefined ? {} : { namespace: place }) }),
      ),
    );
    return found.filter((object) => object !== undefined);
  }

  beforeAll(async () => {
    const prepared = await upCluster(rt, topology);
    sandbox = prepared.sandbox;
    for (const object of objects) await sandbox.kube.apply(object);
    const startedAt = new Date(rt.clock.now() - 60_000).toISOString();
    context = {
      rt,
      lab: fakeLab({ namespaces: [namespace] }),
      session: fakeSession({ startedAt, values: { token } }),
      sandbox,
      namespace,
    };
    const ready = fakeEntry("ready", { type: "workload-ready", ...payments, min: 2 }, { withinMs: 60_000 });
    expect((await evaluate(ready, context)).observation).toMatchObject({ outcome: "pass" });
    const crashed = fakeEntry(
      "crashed",
      { type: "restarts", workload: "deployment/crasher", atLeast: 1 },
      { withinMs: 60_000 },
    );
    expect((await evaluate(crashed, context)).observation).toMatchObject({ outcome: "pass" });
    const stage = await live(objects.filter(({ kind }) => kind === "Service"));
    const base = await live(
      objects.filter(({ kind, metadata }) => kind === "PodDisruptionBudget" || metadata.name === "payments"),
    );
    context = { ...context, session: { ...context.session, reference: { provider: "kind", stage, base } } };
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it.each(cases)("%s", async (_name, spec, outcome) => {
    const seen = await look(spec, context);
    expect(seen, JSON.stringify(seen)).toMatchObject({ outcome });
  });

  const guardContext = () => ({ ...context, evaluate: () => Promise.reject(new Error("a guard nests no checks")) });

  it("guards see a stage and a workload that nobody touched", async () => {
    expect(await stageIntact(guardContext())).toMatchObject({ outcome: "pass" });
    expect(await instrumented(guardContext())).toMatchObject({ outcome: "pass" });
  });

  it("guards see what was touched", async () => {
    const { kube } = sandbox;
    await kube.patch(
      { kind: "Service", name: "nobody", namespace },
      { spec: { selector: { app: "payments" } } },
      "merge",
    );
    await kube.patch({ kind: "Deployment", name: "payments", namespace }, { spec: { replicas: 1 } }, "merge");
    const env = [{ name: "payments", env: [{ name: "ADMIN_TOKEN", value: "other" }] }];
    await kube.patch(
      { kind: "Deployment", name: "payments", namespace },
      { spec: { template: { spec: { containers: env } } } },
      "strategic",
    );
    expect(await stageIntact(guardContext())).toMatchObject({
      outcome: "fail",
      observed: expect.stringContaining("spec.selector.app"),
    });
    expect(await instrumented(guardContext())).toMatchObject({
      outcome: "fail",
      observed: expect.stringContaining("ADMIN_TOKEN"),
    });
    expect(await look({ type: "preserve", keep: ["replicas"] }, context)).toMatchObject({
      outcome: "fail",
      observed: "deployment/payments spec.replicas 1, was 2",
    });
  });
});
