import { z } from "zod";
import type { Kube } from "../../kube/kube.ts";
import { mayAccess } from "../../system/access.ts";
import { accountKube } from "../../system/account-kube.ts";
import { attempt, messageOfAnswer } from "../../system/attempt.ts";
import { findResource, kubeOf } from "../../system/objects.ts";
import { type CheckContext, defineCheck, verdict } from "../check.ts";

const object = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});

const identity = z.union([
  z.strictObject({ serviceaccount: z.string(), namespace: z.string().optional() }).describe("By a token of its own"),
  z.strictObject({ user: z.string(), group: z.string().optional() }).describe("By impersonation"),
]);

const params = z.strictObject({
  as: identity,
  verb: z.enum(["create", "patch", "delete"]).default("create").describe("With patch, `object` is merged"),
  object,
  expect: z.enum(["accept", "reject"]),
  message: z.string().optional().describe("Regular expression that a rejection's message matches"),
});

type Params = z.infer<typeof params>;
type Identity = z.infer<typeof identity>;

interface Speaker {
  readonly name: string;
  readonly kube: Kube;
  readonly headers: Readonly<Record<string, string>>;
}

function nameOf(as: Identity): string {
  return "user" in as ? `user ${as.user}` : `serviceaccount ${as.serviceaccount}`;
}

async function speaker(context: CheckContext, as: Identity): Promise<Speaker | undefined> {
  const kube = kubeOf(context);
  const name = nameOf(as);
  if ("user" in as) {
    const group = as.group === undefined ? {} : { "Impersonate-Group": as.group };
    return { name, kube, headers: { "Impersonate-User": as.user, ...group } };
  }
  const account = await accountKube(kube, as.namespace ?? context.namespace, as.serviceaccount);
  return account === undefined ? undefined : { name, kube: account, headers: {} };
}

function subjectOf(as: Identity) {
  return "user" in as ? { user: as.user, groups: as.group === undefined ? [] : [as.group] } : as;
}

/** What policies and webhooks say to a change, beyond what the authorizer says. */
export const admission = defineCheck<Params>({
  name: "admission",
  summary: "A change that the authorizer allows is accepted, or rejected by a policy or webhook; sent as a dry run",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const { verb, as, expect } = given;
    const { apiVersion, kind, metadata } = given.object;
    const { name } = metadata;
    const what = `${verb} of ${kind.toLowerCase()}/${name} by ${nameOf(as)}`;
    const expected = `${what} is ${expect}ed${given.message === undefined ? "" : `, with /${given.message}/`}`;
    const resource = await findResource(kubeOf(context), kind, apiVersion);
    if (resource === undefined) throw new Error(`the API server knows no ${kind} in ${apiVersion}`);
    const by = await speaker(context, as);
    if (by === undefined) return verdict(false, expected, `there is no ${nameOf(as)}`);
    const namespace = resource.namespaced ? (metadata.namespace ?? context.namespace) : undefined;
    const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
    // The authorizer does not see the name of what is to be created.
    const named = verb === "create" ? {} : { name };
    const access = {
      subject: subjectOf(as),
      verb,
      group,
      resource: resource.plural,
      namespace: namespace ?? "",
      ...named,
    };
    const { allowed } = await mayAccess(kubeOf(context), access, context.namespace);
    // A refusal by the authorizer comes first, and says nothing about admission.
    if (!allowed) return verdict(false, expected, `${what} is refused by the authorizer, before admission is asked`);
    const body = verb === "delete" ? {} : { body: given.object };
    const answer = await attempt(by.kube, { resource, verb, namespace, name, headers: by.headers, ...body });
    if (answer.status === 404) return verdict(false, expected, messageOfAnswer(answer));
    // What is there already has passed admission: that comes before the store is asked.
    const accepted = answer.status < 300 || answer.status === 409;
    const said = accepted ? "" : messageOfAnswer(answer);
    const matches = given.message === undefined || new RegExp(given.message).test(said);
    const passed = expect === "accept" ? accepted : !accepted && matches;
    return verdict(passed, expected, accepted ? `${what} is accepted` : `rejected: ${said}`);
  },
});
