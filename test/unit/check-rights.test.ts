import { expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";

function rule(verbs: string[], resources: string[], more: object = {}) {
  return { verbs, apiGroups: [""], resources, ...more };
}

const needs = {
  type: "rights",
  account: "deployer",
  namespace: "ci",
  only: [{ namespaces: ["shop"], groups: [""], resources: ["pods"], verbs: ["get", "list"] }],
};

/** A cluster whose API server lists these rules for the account's token in `shop`, and the same but the first in `ci`. */
function listing(resourceRules: object[], nonResourceRules: object[] = [], status = 201) {
  const namespaces = ["shop", "ci"].map((name): KubeObject => ({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name },
  }));
  const own = fakeKube([], {
    request: async (_method, url, options) => {
      expect(url).toBe("/apis/authorization.k8s.io/v1/selfsubjectrulesreviews");
      const shop = JSON.stringify(options?.body).includes("shop");
      const rules = shop ? resourceRules : resourceRules.slice(1);
      return { status, text: "no", body: { status: { resourceRules: rules, nonResourceRules } } };
    },
  });
  const kube = fakeKube(namespaces, {
    request: async (_method, url) =>
      url.endsWith("/deployer/token")
        ? { status: 201, text: "", body: { status: { token: "t" } } }
        : { status: 404, text: "", body: {} },
    withToken: () => own,
  });
  return fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) });
}

const pods = rule(["get", "list"], ["pods"]);

it.each([
  ["what it needs", [pods], "pass", "no others"],
  ["one object of it", [rule(["get"], ["pods"], { resourceNames: ["a"] })], "pass", "no others"],
  ["a verb more", [rule(["get", "watch"], ["pods"])], "fail", "deployer may watch pods in shop"],
  ["every verb", [rule(["*"], ["pods"])], "fail", "deployer may * pods in shop"],
  ["another resource", [pods, rule(["list"], ["secrets"])], "fail", "deployer may list secrets everywhere"],
  ["the same elsewhere", [pods, pods], "fail", "get pods in ci"],
  ["another group", [rule(["get"], ["pods"], { apiGroups: ["x"] })], "fail", "get pods.x in shop"],
  ["a group that has no pods", [rule(["get", "list"], ["pods"], { apiGroups: ["", "apps"] })], "pass", "no others"],
  ["a verb more in two groups", [rule(["watch"], ["pods"], { apiGroups: ["", "apps"] })], "fail", "may watch pods in"],
  ["any resource of such a group", [rule(["get"], ["*"], { apiGroups: ["apps"] })], "fail", "get *.apps in shop"],
  [
    "questions about itself",
    [pods, rule(["create"], ["selfsubjectaccessreviews"], { apiGroups: ["authorization.k8s.io"] })],
    "pass",
    "no others",
  ],
])("rights, with %s", async (_name, rules, outcome, observed) => {
  const seen = await runCheck(needs, listing(rules));
  expect(seen).toMatchObject({ outcome, observed: expect.stringContaining(observed) });
});

it.each([
  ["/apis/apps/v1", "pass"],
  ["/metrics", "fail"],
  ["*", "fail"],
])("rights, with the path %s of the API server", async (url, outcome) => {
  expect((await runCheck(needs, listing([], [{ verbs: ["get"], nonResourceURLs: [url] }]))).outcome).toBe(outcome);
});

it("rights fails without the account", async () => {
  const seen = await runCheck({ ...needs, account: "nobody" }, listing([]));
  expect(seen).toMatchObject({ outcome: "fail", observed: "serviceaccount nobody does not exist in ci" });
});

it("rights cannot tell when the API server does not answer", async () => {
  await expect(runCheck(needs, listing([], [], 500))).rejects.toThrow("SelfSubjectRulesReview: no");
});
