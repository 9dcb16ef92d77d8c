import { KubeError } from "../../kube/kube-error.ts";
import type { Kube } from "../../kube/kube.ts";
import type { Access } from "../types/access.ts";
import { at, textAt } from "../../lib/fields.ts";

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
