import { KubeError } from "../../kube/kube-error.ts";
import type { ApiResource, Kube } from "../../kube/kube.ts";
import type { Access } from "../types/access.ts";
import { accountKube } from "./account-kube.ts";
import { attempt, messageOfAnswer, triedVerbs, type TriedVerb } from "./attempt.ts";

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
