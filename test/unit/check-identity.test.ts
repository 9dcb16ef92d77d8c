import { describe, expect, it } from "vitest";
import type { Kube, KubeObject, RequestOptions } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { strict } from "../fakes/strict.ts";

const account: KubeObject = {
  apiVersion: "v1",
  kind: "ServiceAccount",
  metadata: { name: "ci", namespace: "shop" },
};
const reviews = "/apis/authorization.k8s.io/v1/subjectaccessreviews";
const deployments = "/apis/apps/v1/namespaces/shop/deployments";

/** What the API server answers to a call: a status, with a message. */
type Answers = Readonly<Record<string, readonly [status: number, message?: string]>>;

interface Sent {
  readonly call: string;
  readonly as: string;
  readonly options: RequestOptions | undefined;
}

/** A cluster with one service account, an authorizer that says `allowed`, and an API server that knows these calls. */
function cluster(answers: Answers, { allowed = true, objects = [account] } = {}) {
  const sent: Sent[] = [];
  const answering = (as: string) => async (method: string, path: string, options?: RequestOptions) => {
    const call = `${method} ${path}`;
    sent.push({ call, as, options });
    if (path === reviews) return { status: 201, text: "", body: { status: { allowed } } };
    if (path.endsWith("/serviceaccounts/ci/token")) {
      return { status: 201, text: "", body: { status: { token: "short-lived" } } };
    }
    if (path.endsWith("/token")) return { status: 404, text: "not found", body: {} };
    const answer = answers[call];
    if (answer === undefined) throw new Error(`unexpected ${call}`);
    const [status, message = ""] = answer;
    return { status, text: message, body: message === "" ? {} : { message } };
  };
  const kube = fakeKube(objects, {
    request: answering("admin"),
    withToken: (token) => strict<Kube>("account", { request: answering(token) }),
  });
  return { context: fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) }), sent };
}

describe("access for real", () => {
  const subject = { serviceaccount: "ci" };
  const web = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" } };
  const create = { subject, verb: "create", group: "apps", resource: "deployments", real: true };
  const dryRun = `POST ${deployments}?dryRun=All`;

  it.each([
    ["made", { object: web }, [201], "pass"],
    ["there already", { object: web }, [409, "exists"], "pass"],
    ["not authorized", { object: web }, [403, "cannot create"], "fail"],
    ["rejected by a policy", { object: web }, [422, "denied request"], "fail"],
    ["authorized, but nothing proper", {}, [422, "spec: Required"], "pass"],
    ["not authorized, and nothing proper", {}, [403, "cannot create"], "fail"],
  ] as const)("to create is an access: %s", async (_name, more, answer, outcome) => {
    const { context, sent } = cluster({ [dryRun]: answer });
    expect(await runCheck({ type: "access", allow: [{ ...create, ...more }] }, context)).toMatchObject({ outcome });
    expect(sent.map(({ as }) => as)).toEqual(["admin", "short-lived"]);
    expect(sent[0]?.options?.body).toMatchObject({ spec: { expirationSeconds: 600 } });
  });

  it.each([
    [
      "get",
      { resource: "secrets", group: "", namespace: "kube-system" },
      "GET",
      "namespaces/kube-system/secrets/labs-nobody",
    ],
    ["list", { resource: "secrets", group: "", namespace: "" }, "GET", "secrets?limit=1"],
    ["delete", { resource: "namespaces", group: "", namespace: "" }, "DELETE", "namespaces/labs-nobody?dryRun=All"],
    [
      "create",
      { resource: "pods", group: "", subresource: "exec", name: "web-1" },
      "POST",
      "namespaces/shop/pods/web-1/exec?dryRun=All",
    ],
    ["patch", { resource: "pods", group: "" }, "PATCH", "namespaces/shop/pods/labs-nobody?dryRun=All"],
    ["deletecollection", { resource: "pods", group: "" }, "DELETE", "namespaces/shop/pods?dryRun=All"],
  ])("to %s changes nothing: %j", async (verb, what, method, path) => {
    const call = `${method} /api/v1/${path}`;
    const allow = [{ subject: { user: "jane" }, verb: "get", group: "", resource: "pods" }];
    const spec = { type: "access", allow, deny: [{ subject, verb, real: true, ...what }] };
    expect((await runCheck(spec, cluster({ [call]: [403] }).context)).outcome).toBe("pass");
    expect((await runCheck(spec, cluster({ [call]: [404] }).context)).outcome).toBe("fail");
  });

  it("is no verdict when the API server gives none", async () => {
    for (const status of [401, 429, 503]) {
      const { context } = cluster({ [dryRun]: [status, "later"] });
      await expect(runCheck({ type: "access", allow: [create] }, context)).rejects.toThrow("did not judge");
    }
  });

  it("is none without the account", async () => {
    const { context } = cluster({}, { objects: [] });
    expect(await runCheck({ type: "access", allow: [create] }, context)).toMatchObject({
      outcome: "fail",
      observed: expect.stringContaining("no such serviceaccount"),
    });
  });

  it.each([
    [{ verb: "escalate" }, "only get, list, create"],
    [{ subject: { user: "jane" } }, "only a service account"],
    [{ real: false, object: {} }, "nothing is sent"],
  ])("refuses %j", async (more, message) => {
    const { context } = cluster({});
    await expect(runCheck({ type: "access", allow: [{ ...create, ...more }] }, context)).rejects.toThrow(message);
  });
});

describe("admission", () => {
  const object = { apiVersion: "apps/v1", kind: "Deployment", metadata: { name: "web" }, spec: {} };
  const spec = { type: "admission", as: { serviceaccount: "ci" }, object, expect: "reject" };
  const dryRun = `POST ${deployments}?dryRun=All`;
  const denied = "deployments.apps \"web\" is forbidden: ValidatingAdmissionPolicy 'p' denied request: no";

  it.each([
    ["reject", [403, denied], {}, "pass"],
    ["reject", [422, denied], {}, "pass"],
    ["reject", [403, denied], { message: "denied request" }, "pass"],
    ["reject", [403, denied], { message: "by a webhook" }, "fail"],
    ["reject", [201], {}, "fail"],
    ["reject", [409, "exists"], {}, "fail"],
    ["accept", [201], {}, "pass"],
    ["accept", [409, "exists"], {}, "pass"],
    ["accept", [403, denied], {}, "fail"],
  ] as const)("%s of %j with %j is %s", async (wanted, answer, more, outcome) => {
    const { context, sent } = cluster({ [dryRun]: answer });
    expect((await runCheck({ ...spec, ...more, expect: wanted }, context)).outcome).toBe(outcome);
    expect(sent.at(-1)).toMatchObject({ call: dryRun, as: "short-lived", options: { body: object } });
  });

  it("says nothing where the authorizer refuses", async () => {
    const { context } = cluster({}, { allowed: false });
    expect(await runCheck(spec, context)).toMatchObject({
      outcome: "fail",
      observed: "create of deployment/web by serviceaccount ci is refused by the authorizer, before admission is asked",
    });
  });

  it("speaks for a user by impersonation", async () => {
    const { context, sent } = cluster({ [dryRun]: [403, denied] });
    expect((await runCheck({ ...spec, as: { user: "jane", group: "ops" } }, context)).outcome).toBe("pass");
    const headers = { "Impersonate-User": "jane", "Impersonate-Group": "ops" };
    expect(sent.at(-1)).toMatchObject({ as: "admin", options: { headers } });
  });

  it("changes or deletes what is there, and fails without it", async () => {
    const patch = `PATCH ${deployments}/web?dryRun=All`;
    const patched = cluster({ [patch]: [403, denied] });
    expect((await runCheck({ ...spec, verb: "patch" }, patched.context)).outcome).toBe("pass");
    expect(patched.sent.at(-1)?.options).toMatchObject({ contentType: "application/merge-patch+json", body: object });
    const gone = cluster({ [`DELETE ${deployments}/web?dryRun=All`]: [404, "not found"] });
    expect((await runCheck({ ...spec, verb: "delete" }, gone.context)).outcome).toBe("fail");
    expect(gone.sent.at(-1)?.options?.body).toBeUndefined();
  });

  it("needs the account and the kind", async () => {
    const other = { ...spec, as: { serviceaccount: "gone" } };
    expect(await runCheck(other, cluster({}).context)).toMatchObject({
      outcome: "fail",
      observed: "there is no serviceaccount gone",
    });
    const unknown = { ...spec, object: { ...object, kind: "Unheard" } };
    await expect(runCheck(unknown, cluster({}).context)).rejects.toThrow("knows no Unheard in apps/v1");
  });
});
