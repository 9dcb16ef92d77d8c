import { expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";

const hour = 3600;

function encode(claims: object): string {
  return Buffer.from(JSON.stringify(claims)).toString("base64url");
}

function token(claims: object, signature = "valid"): string {
  return `${encode({ alg: "RS256" })}.${encode(claims)}.${signature}`;
}

const endless = token({ iss: "x" });

function held(kind: string, fields: object): KubeObject {
  const apiVersion = kind === "CronJob" ? "batch/v1" : "v1";
  return { apiVersion, kind, metadata: { name: "x", namespace: "shop" }, ...fields };
}

function secret(text: string): KubeObject {
  return held("Secret", { data: { token: Buffer.from(text).toString("base64") } });
}

/** A cluster that accepts tokens with the right signature. */
function accepting(objects: readonly KubeObject[], status = 201) {
  const kube = fakeKube(objects, {
    request: async (method, path, options) => {
      expect(`${method} ${path}`).toBe("POST /apis/authentication.k8s.io/v1/tokenreviews");
      const sent = JSON.stringify(options?.body);
      const user = { username: `system:serviceaccount:shop:${sent.includes(".valid2") ? "other" : "deployer"}` };
      return { status, text: "no", body: { status: { authenticated: sent.includes(".valid"), user } } };
    },
  });
  return fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) });
}

it.each([
  ["no object", [], "pass", "no token that is accepted"],
  ["no token", [secret("password")], "pass", "no token that is accepted"],
  ["a short one", [secret(token({ iat: 10, exp: 10 + 3 * hour }))], "pass", "valid for 3 h"],
  [
    "a long one",
    [secret(token({ iat: 10, exp: 10 + 48 * hour }))],
    "fail",
    "secret/x holds a token of system:serviceaccount:shop:deployer that is valid for 48 h",
  ],
  ["one without an end", [secret(endless)], "fail", "valid for ever"],
  ["one that is not accepted", [secret(token({ iss: "x" }, "forged"))], "pass", "no token that is accepted"],
  ["one in a ConfigMap", [held("ConfigMap", { data: { t: endless } })], "fail", "configmap/x holds"],
  ["one in a CronJob", [held("CronJob", { spec: { env: [{ value: endless }] } })], "fail", "cronjob/x holds"],
])("tokens, with %s", async (_name, objects, outcome, observed) => {
  const seen = await runCheck({ type: "tokens", longest: "24h" }, accepting(objects));
  expect(seen).toMatchObject({ outcome, observed: expect.stringContaining(observed) });
});

it.each([
  ["its own", "valid", "pass"],
  ["another account's", "valid2", "fail"],
])("tokens of one account, with %s", async (_name, signature, outcome) => {
  const context = accepting([secret(token({ iat: 10, exp: 10 + hour }, signature))]);
  const seen = await runCheck({ type: "tokens", longest: "24h", account: "deployer" }, context);
  const observed = expect.stringMatching(signature === "valid" ? "shop:deployer that" : "shop:other that");
  expect(seen).toMatchObject({ outcome, observed });
});

it("tokens cannot tell when the API server does not answer", async () => {
  const context = accepting([secret(endless)], 500);
  await expect(runCheck({ type: "tokens", longest: "24h" }, context)).rejects.toThrow("TokenReview: no");
});
