import { z } from "zod";
import { accountKube } from "./account-kube.ts";
import { type TriedVerb, attempt, messageOfAnswer, triedVerbs } from "./attempt.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { ApiResource, Kube } from "../kube/kube.ts";
import { at, textAt } from "../lib/fields.ts";

/** How a lab file writes one. */
export const accessShape = z
  .strictObject({
    subject: z.union([
      z.strictObject({ serviceaccount: z.string(), namespace: z.string().optional() }),
      z.strictObject({ user: z.string(), groups: z.array(z.string()).default([]) }),
    ]),
    verb: z.string(),
    group: z.string().describe('API group; "" is the core group'),
    resource: z.string().describe("Plural: deployments"),
    subresource: z.string().optional(),
    name: z.string().optional(),
    namespace: z
      .string()
      .optional()
      .describe('Default: the lab\'s first; "" is all namespaces and cluster-scoped resources'),
    real: z
      .boolean()
      .optional()
      .describe("Also do it, as a read or a dry run with a token of the service account: admission has its say too"),
    object: z.record(z.string(), z.unknown()).optional().describe("What is sent, where it is done for real"),
  })
  .refine(({ real, verb }) => real !== true || triedVerb(verb) !== undefined, {
    message: `only ${triedVerbs.join(", ")} can be tried for real`,
    path: ["verb"],
  })
  .refine(({ real, subject }) => real !== true || !("user" in subject), {
    message: "only a service account can be tried for real",
    path: ["subject"],
  })
  .refine(({ real, object }) => object === undefined || real === true, {
    message: "nothing is sent unless it is tried for real",
    path: ["object"],
  });

/** One question to the authorizer. */
export type Access = z.infer<typeof accessShape>;

function identity({ subject }: Access, fallback: string): { user: string; groups: string[] } {
  if ("user" in subject) return { user: subject.user, groups: [...subject.groups, "system:authenticated"] };
  const namespace = subject.namespace ?? fallback;
  return {
    user: `system:serviceaccount:${namespace}:${subject.serviceaccount}`,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
  };
}

/** One access in a message: "serviceaccount ci: create deployments.apps in production". */
export function accessText(one: Access, fallback: string): string {
  const who = "user" in one.subject ? `user ${one.subject.user}` : `serviceaccount ${one.subject.serviceaccount}`;
  const group = one.group === "" ? "" : `.${one.group}`;
  const what = `${one.resource}${group}${one.subresource === undefined ? "" : `/${one.subresource}`}`;
  const namespace = one.namespace ?? fallback;
  const where = namespace === "" ? "everywhere" : `in ${namespace}`;
  return `${who}: ${one.verb} ${what}${one.name === undefined ? "" : ` ${one.name}`} ${where}`;
}

/** False for a ServiceAccount that is not there; users exist by being named. */
export async function subjectExists(kube: Kube, { subject }: Access, fallback: string): Promise<boolean> {
  if ("user" in subject) return true;
  const namespace = subject.namespace ?? fallback;
  return (
    (await kube.get({ apiVersion: "v1", kind: "ServiceAccount", name: subject.serviceaccount, namespace })) !==
    undefined
  );
}

/** Asks the authorizer (SubjectAccessReview: a question, nothing is stored). */
export async function mayAccess(
  kube: Kube,
  one: Access,
  fallback: string,
): Promise<{ readonly allowed: boolean; readonly why: string }> {
  const { verb, group, resource, subresource, name } = one;
  const optional = { ...(subresource === undefined ? {} : { subresource }), ...(name === undefined ? {} : { name }) };
  const attributes = { verb, group, resource, namespace: one.namespace ?? fallback, ...optional };
  const answer = await kube.request("POST", "/apis/authorization.k8s.io/v1/subjectaccessreviews", {
    body: {
      apiVersion: "authorization.k8s.io/v1",
      kind: "SubjectAccessReview",
      spec: { ...identity(one, fallback), resourceAttributes: attributes },
    },
  });
  const allowed = at(answer.body, "status", "allowed");
  if (answer.status !== 201 || typeof allowed !== "boolean") {
    throw new KubeError(`the API server did not answer a SubjectAccessReview: ${answer.text.slice(0, 200)}`, {
      status: answer.status,
    });
  }
  const problem = textAt(answer.body, "status", "evaluationError");
  return { allowed, why: problem === "" ? textAt(answer.body, "status", "reason") : problem };
}

/** Nothing has this name: what may be read of it, and deleted, is not there. */
const NOBODY = "labs-nobody";

function groupOf({ apiVersion }: ApiResource): string {
  const [group = "", version] = apiVersion.split("/");
  return version === undefined ? "" : group;
}

/** The verb of an access that can be tried; undefined for others. */
export function triedVerb(verb: string): TriedVerb | undefined {
  return triedVerbs.find((one) => one === verb);
}

/**
 * Does what an access is about, with a token of its service account, as a read or a dry run. Unlike the authorizer's answer this includes what
 * admission has to say, where the access brings an object.
 */
export async function tryAccess(
  kube: Kube,
  one: Access,
  fallback: string,
): Promise<{ readonly allowed: boolean; readonly why: string }> {
  const { subject, object } = one;
  const verb = triedVerb(one.verb);
  if (verb === undefined || "user" in subject) throw new Error(`${one.verb} cannot be tried for real`);
  const resources = await kube.resources();
  const resource = resources.find((known) => known.plural === one.resource && groupOf(known) === one.group);
  if (resource === undefined) throw new KubeError(`the API server has no ${one.resource} in group "${one.group}"`);
  const account = await accountKube(kube, subject.namespace ?? fallback, subject.serviceaccount);
  if (account === undefined) return { allowed: false, why: "no such serviceaccount" };
  const place = one.namespace ?? fallback;
  const namespace = place === "" ? undefined : place;
  const name = one.name ?? NOBODY;
  const { apiVersion, kind } = resource;
  const empty = verb === "create" ? { apiVersion, kind, metadata: { name } } : verb === "patch" ? {} : undefined;
  const answer = await attempt(account, {
    resource,
    verb,
    namespace,
    name,
    subresource: one.subresource,
    body: object ?? empty,
  });
  // Without an object of the lab's, what comes after authorization says nothing: the call had nothing proper to say either.
  const passed = [404, 409].includes(answer.status) || answer.status < 300;
  const allowed = passed || (object === undefined && answer.status !== 403);
  return { allowed, why: allowed ? "" : messageOfAnswer(answer) };
}
