import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { evaluate } from "../../src/checks/evaluate.ts";
import { type LookContext, look } from "../../src/checks/look.ts";
import { job } from "../../src/experiments/actions/job.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { goAppImage } from "../../src/images/versions.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { CheckSpec } from "../../src/lab/lab.ts";
import type { Topology } from "../../src/lab/topology.ts";
import { kindProvider } from "../../src/sandbox/kind/provider.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { kindScenario } from "../../src/scenario/kind/kind-scenario.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeEntry, fakeLab } from "../fakes/lab.ts";
import { fakeSession } from "../fakes/session.ts";
import { describeKind, testRuntime, upCluster } from "./kind-cluster.ts";

const rt = testRuntime();
const topology: Topology = { provider: "kind", workers: 0, fresh: false };
const namespace = "shop";
const rbac = "rbac.authorization.k8s.io";
const policies = "admissionregistration.k8s.io/v1";

function web(name: string): KubeObject {
  const labels = { app: name };
  const containers = [{ name: "web", image: goAppImage, imagePullPolicy: "Never", args: ["serve"] }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  };
}

const pipeline = {
  name: "apply",
  image: goAppImage,
  imagePullPolicy: "Never",
  args: ["apply", "--release", "$(RELEASE)", "--wait", "30s", "/manifests/web.json"],
  env: [{ name: "RELEASE", value: "r1" }],
  volumeMounts: [{ name: "manifests", mountPath: "/manifests" }],
};

const pod = {
  serviceAccountName: "ci",
  restartPolicy: "Never",
  containers: [pipeline],
  volumes: [{ name: "manifests", configMap: { name: "manifests" } }],
};

const objects: readonly KubeObject[] = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  ...["ci", "other"].map((name) => ({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } })),
  {
    apiVersion: `${rbac}/v1`,
    kind: "Role",
    metadata: { name: "deploy", namespace },
    rules: [{ apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "create", "patch"] }],
  },
  {
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: { name: "deploy", namespace },
    roleRef: { apiGroup: rbac, kind: "Role", name: "deploy" },
    subjects: ["ci", "other"].map((name) => ({ kind: "ServiceAccount", name, namespace })),
  },
  {
    apiVersion: policies,
    kind: "ValidatingAdmissionPolicy",
    metadata: { name: "not-other" },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: ["apps"], apiVersions: ["v1"], operations: ["CREATE", "UPDATE"], resources: ["deployments"] },
        ],
      },
      validations: [{ expression: "!request.userInfo.username.endsWith(':other')" }],
    },
  },
  {
    apiVersion: policies,
    kind: "ValidatingAdmissionPolicyBinding",
    metadata: { name: "not-other" },
    spec: { policyName: "not-other", validationActions: ["Deny"] },
  },
  {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "manifests", namespace },
    data: { "web.json": JSON.stringify(web("web")) },
  },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: { name: "deploy", namespace },
    spec: { schedule: "@daily", suspend: true, jobTemplate: { spec: { backoffLimit: 0, template: { spec: pod } } } },
  },
];

const deployments = { group: "apps", resource: "deployments" };
const [ci, other] = [{ serviceaccount: "ci" }, { serviceaccount: "other" }];
const create = { ...deployments, verb: "create", real: true, object: web("api") };
const read = { subject: ci, ...deployments, verb: "get" };
const secrets = { subject: ci, group: "", resource: "secrets", verb: "get", real: true };
const exec = { subject: ci, group: "", resource: "pods", subresource: "exec", verb: "create", real: true };

const needed = (...verbs: string[]) => ({
  namespaces: [namespace],
  groups: [deployments.group],
  resources: [deployments.resource],
  verbs,
});

const cases: readonly (readonly [name: string, spec: CheckSpec, outcome: string])[] = [
  ["an access that works for real", { type: "access", allow: [{ ...create, subject: ci }] }, "pass"],
  ["an access that a policy takes away", { type: "access", allow: [{ ...create, subject: other }] }, "fail"],
  [
    "which the authorizer does not know",
    { type: "access", allow: [{ ...deployments, verb: "create", subject: other }] },
    "pass",
  ],
  ["denials for real", { type: "access", allow: [read], deny: [secrets, exec] }, "pass"],
  ["a denial that is none", { type: "access", allow: [read], deny: [{ ...read, real: true }] }, "fail"],
  ["a change that is rejected", { type: "admission", as: other, object: web("api"), expect: "reject" }, "pass"],
  ["a change that is accepted", { type: "admission", as: ci, object: web("api"), expect: "reject" }, "fail"],
  [
    "a change by an impersonated user",
    { type: "admission", as: { user: "an:other", group: "system:masters" }, object: web("api"), expect: "reject" },
    "pass",
  ],
  [
    "a change that the authorizer refuses",
    { type: "admission", as: ci, verb: "delete", object: web("api"), expect: "reject" },
    "fail",
  ],
  ["rights that are all needed", { type: "rights", account: "ci", only: [needed("get", "create", "patch")] }, "pass"],
  ["a right that is not needed", { type: "rights", account: "ci", only: [needed("get", "create")] }, "fail"],
  ["rights that nobody else has got", { type: "grants", except: [ci] }, "pass"],
  ["no tokens", { type: "tokens", longest: "1h" }, "pass"],
];

describeKind("a pipeline in a real cluster", () => {
  let sandbox: KindSandbox;
  let context: LookContext;

  beforeAll(async () => {
    const prepared = await upCluster(rt, topology);
    sandbox = prepared.sandbox;
    await kindScenario(rt, sandbox).takeStock();
    for (const object of objects) await sandbox.kube.apply(object);
    const session = fakeSession({ reference: { provider: "kind", stage: [], base: objects } });
    context = { rt, lab: fakeLab({ namespaces: [namespace] }), session, sandbox, namespace };
    // A policy takes a moment to hold.
    const holds = { type: "admission", as: other, object: web("api"), expect: "reject" };
    const entry = fakeEntry("holds", holds, { withinMs: 20_000 });
    expect((await evaluate(entry, context)).observation).toMatchObject({ outcome: "pass" });
  });

  afterAll(async () => {
    await kindProvider.remove(rt, kindProvider.nameFor(rt, topology));
    await rm(rt.paths.home, { recursive: true, force: true });
  });

  it.each(cases)("%s", async (_name, spec, outcome) => {
    const seen = await look(spec, context);
    expect(seen, JSON.stringify(seen)).toMatchObject({ outcome });
  });

  it("a right that somebody else has got is found", async () => {
    const binding = { apiVersion: `${rbac}/v1`, kind: "RoleBinding", metadata: { name: "more", namespace } };
    const roleRef = { apiGroup: rbac, kind: "ClusterRole", name: "view" };
    const subjects = [{ kind: "ServiceAccount", name: other.serviceaccount, namespace }];
    await sandbox.kube.create({ ...binding, roleRef, subjects });
    const seen = await look({ type: "grants", except: [ci] }, context);
    expect(seen).toMatchObject({ outcome: "fail", observed: expect.stringContaining("by rolebinding/more") });
    await sandbox.kube.delete({ kind: "RoleBinding", name: "more", namespace });
  });

  it("a token that lives too long is found", async () => {
    const { kube } = sandbox;
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/ci/token`;
    const { body } = await kube.request("POST", path, { body: { spec: { expirationSeconds: 7200 } } });
    const { token } = Object(body).status;
    await kube.create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "kept", namespace },
      data: { token: Buffer.from(String(token)).toString("base64") },
    });
    expect(await look({ type: "tokens", longest: "1h" }, context)).toMatchObject({ outcome: "fail" });
    expect(await look({ type: "tokens", longest: "2h" }, context)).toMatchObject({ outcome: "pass" });
  });

  it("creates, updates and goes back, and is proven by what it leaves", async () => {
    const undos: (() => Promise<void>)[] = [];
    const action = fakeActionContext({
      rt,
      sandbox,
      namespace,
      journal: {
        open: async (draft) => {
          undos.push(() => undoEntry({ ...draft, id: "1" }, sandbox));
          return async () => undefined;
        },
      },
    });
    const given = { cronjob: "deploy", variable: "RELEASE", account: "ci", releases: ["a", "b", "a"] };
    const proves = { workload: "deployment/web", namespace };
    const outcome = await job.run?.(job.params.parse({ ...given, proves }), action);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ finished: true });

    await sandbox.kube.delete({ kind: "RoleBinding", name: "deploy", namespace });
    const refused = await job.run?.(job.params.parse({ ...given, proves }), action);
    expect(refused).toMatchObject({
      finished: false,
      detail: expect.stringContaining("Error from server (Forbidden)"),
    });

    for (const undo of undos) await undo();
    expect(await sandbox.kube.list({ apiVersion: "batch/v1", kind: "Job", namespace })).toEqual([]);
  });
});
