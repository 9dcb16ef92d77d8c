import { KubeError } from "../kube/kube-error.ts";
import type { ApiResource, HttpAnswer, Kube } from "../kube/kube.ts";
import { collectionPath, objectPath, withQuery } from "../kube/paths.ts";
import { textAt } from "../lib/fields.ts";

/** Verbs that can be tried without changing anything. */
export const triedVerbs = ["get", "list", "create", "patch", "delete", "deletecollection"] as const;

/** One of them. */
export type TriedVerb = (typeof triedVerbs)[number];

/** A call to the API server that changes nothing: a read, or a dry run. */
export interface Attempt {
  readonly resource: ApiResource;
  readonly verb: TriedVerb;
  /** Undefined: all of them, or a resource without. */
  readonly namespace: string | undefined;
  readonly name: string;
  readonly subresource?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const methods: Readonly<Record<TriedVerb, string>> = {
  get: "GET",
  list: "GET",
  create: "POST",
  patch: "PATCH",
  delete: "DELETE",
  deletecollection: "DELETE",
};

const ofAll: ReadonlySet<TriedVerb> = new Set(["list", "create", "deletecollection"]);

function pathOf({ resource, verb, namespace, name, subresource }: Attempt): string {
  if (ofAll.has(verb) && subresource === undefined) return collectionPath(resource, namespace);
  const path = objectPath(resource, { name, ...(namespace === undefined ? {} : { namespace }) });
  return subresource === undefined ? path : `${path}/${subresource}`;
}

/** Makes the call. Throws where the API server could not say what it thinks of it. */
export async function attempt(kube: Kube, given: Attempt): Promise<HttpAnswer> {
  const method = methods[given.verb];
  const query = method === "GET" ? { limit: given.verb === "list" ? 1 : undefined } : { dryRun: "All" };
  const answer = await kube.request(method, withQuery(pathOf(given), query), {
    ...(given.body === undefined ? {} : { body: given.body }),
    ...(given.headers === undefined ? {} : { headers: given.headers }),
    ...(given.verb === "patch" ? { contentType: "application/merge-patch+json" } : {}),
  });
  const { status } = answer;
  if (status !== 401 && status !== 429 && status < 500) return answer;
  throw new KubeError(`the API server did not judge ${method} ${pathOf(given)}: ${messageOfAnswer(answer)}`, {
    status,
  });
}

/** What the API server said to a call. */
export function messageOfAnswer({ status, text, body }: HttpAnswer): string {
  return textAt(body, "message") || text.slice(0, 200) || `status ${status}`;
}
