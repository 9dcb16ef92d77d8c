import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { captureBaseline } from "../../src/sandbox/baseline/capture.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";

const rbac = "rbac.authorization.k8s.io/v1";

function account(name: string, namespace = "ci"): KubeObject {
  return { apiVersion: "v1", kind: "ServiceAccount", metadata: { name, namespace } };
}

function rule(verbs: string[], resources: string[], more: object = {}) {
  return { verbs, apiGroups: [""], resources, ...more };
}

function role(name: string, rules: object[], more: object = {}): KubeObject {
  return { apiVersion: rbac, kind: "ClusterRole", metadata: { name }, rules, ...more };
}

function bound(name: string, roleName: string, subject: object, namespace?: string): KubeObject {
  return {
    apiVersion: rbac,
    kind: namespace === undefined ? "ClusterRoleBinding" : "RoleBinding",
    metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
    roleRef: { kind: "ClusterRole", name: roleName },
    subjects: [subject],
  };
}

function sa(name: string, namespace = "ci") {
  return { kind: "ServiceAccount", name, namespace };
}

const home = mkdtempSync(path.join(tmpdir(), "labs-grants-test-"));
// Its rules are collected by the controller: the baseline knows only from where.
const view = role("view", [rule(["get"], ["pods"])], {
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: { to: "view" } }] },
});
const part: KubeObject = {
  ...role("part", [rule(["get"], ["pods"])]),
  metadata: { name: "part", labels: { to: "view" } },
};
const cluster = [view, part, bound("masters", "view", { kind: "Group", name: "staff" })];
const accounts = [account("deployer"), account("reports"), account("agent", "labs-system")];
const lab = [
  role("release", [rule(["patch"], ["deployments"])]),
  role("one", [rule(["get"], ["secrets"], { resourceNames: ["a"] })]),
  bound("one", "one", sa("reports"), "shop"),
  bound("reports", "view", sa("reports"), "shop"),
];

beforeAll(async () => {
  mkdirSync(path.join(home, "sandboxes"));
  const baseline = await captureBaseline(fakeKube(cluster));
  writeFileSync(path.join(home, "sandboxes", "labs-abc123-0w.json"), JSON.stringify(baseline));
});

afterAll(() => rmSync(home, { recursive: true }));

/** The cluster and the lab as they were at the start, and what has come since. */
function since(more: readonly KubeObject[], before: readonly KubeObject[] = [...cluster, ...lab]) {
  const rt = fakeRuntime();
  return fakeCheckContext([], {
    rt: { ...rt, paths: { ...rt.paths, home } },
    sandbox: fakeKindSandbox({ kube: fakeKube([...before, ...accounts, ...more]) }),
    session: fakeSession({ reference: { provider: "kind", stage: [], base: lab } }),
  });
}

const spec = { type: "grants", except: [{ serviceaccount: "deployer", namespace: "ci" }] };

it.each([
  ["nothing", [], "pass"],
  ["a binding of the account that needs it", [bound("new", "release", sa("deployer"), "shop")], "pass"],
  [
    "the account that needs it by its user name",
    [bound("new", "release", { kind: "User", name: "system:serviceaccount:ci:deployer" })],
    "pass",
  ],
  [
    "all objects where one was had",
    [role("every", [rule(["get"], ["secrets"])]), bound("new", "every", sa("reports"), "shop")],
    "fail",
  ],
  ["a binding of what was had already", [bound("new", "view", sa("reports"), "shop")], "pass"],
  ["a binding of an account that is not there", [bound("new", "release", sa("deployer", "ci-cd"), "shop")], "pass"],
  ["a binding of our agent", [bound("new", "release", sa("agent", "labs-system"))], "pass"],
  ["a binding of a role that is not there", [bound("new", "gone", sa("reports"))], "pass"],
  ["a binding of another account", [bound("new", "release", sa("reports"), "shop")], "fail"],
  [
    "a role that collects by an expression, which no other role meets",
    [
      role("collector", [], {
        aggregationRule: {
          clusterRoleSelectors: [{ matchExpressions: [{ key: "to", operator: "In", values: ["admin"] }] }],
        },
      }),
      bound("new", "collector", { kind: "Group", name: "guests" }),
    ],
    "pass",
  ],
  [
    "a role that collects by an expression, which one meets",
    [
      role("collector", [], {
        aggregationRule: { clusterRoleSelectors: [{ matchExpressions: [{ key: "to", operator: "Exists" }] }] },
      }),
      bound("new", "collector", { kind: "Group", name: "guests" }),
    ],
    "fail",
  ],
  ["the same role everywhere", [bound("new", "view", sa("reports"))], "fail"],
  ["a binding of a group", [bound("new", "release", { kind: "Group", name: "system:serviceaccounts:ci" })], "fail"],
  [
    "an account by its user name",
    [bound("new", "release", { kind: "User", name: "system:serviceaccount:ci:reports" })],
    "fail",
  ],
])("grants, with %s", async (_name, more, outcome) => {
  expect((await runCheck(spec, since(more))).outcome).toBe(outcome);
});

it("grants sees a role that has grown, and says by which binding", async () => {
  const grown = role("view", [rule(["get", "delete"], ["pods"])], { aggregationRule: view["aggregationRule"] });
  const seen = await runCheck(spec, since([], [grown, part, ...cluster.slice(2), ...lab]));
  expect(seen).toMatchObject({
    outcome: "fail",
    observed: expect.stringContaining("serviceaccount ci/reports may delete pods in shop by rolebinding/reports"),
  });
});

it("grants has nothing to compare with in a session without reference", async () => {
  const context = { ...since([]), session: fakeSession({}) };
  await expect(runCheck(spec, context)).rejects.toThrow("labs reset");
});

it("grants does not take everything for new on a cluster whose state before the lab is lost", async () => {
  const context = since([]);
  const nowhere = { ...context.rt.paths, home: path.join(home, "empty") };
  await expect(runCheck(spec, { ...context, rt: { ...context.rt, paths: nowhere } })).rejects.toThrow("labs down");
});
