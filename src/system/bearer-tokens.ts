import { KubeError } from "../kube/kube-error.ts";
import type { Kube, KubeObject } from "../kube/kube.ts";
import { jsonOf } from "../kube/response.ts";
import { at, entriesAt, numberAt, textAt } from "../lib/fields.ts";

/** A token that lies in an object, and is good for something. */
export interface BearerToken {
  readonly where: KubeObject;
  /** Whose it is, as the API server calls them. */
  readonly user: string;
  /** From its making to its end; undefined: it has none. */
  readonly lifeMs: number | undefined;
}

/** Where people keep what a pipeline needs. */
const kinds = [
  { apiVersion: "v1", kind: "Secret" },
  { apiVersion: "v1", kind: "ConfigMap" },
  { apiVersion: "batch/v1", kind: "CronJob" },
] as const;

const jsonWebToken = /eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g;

function textOf(object: KubeObject): string {
  if (object.kind !== "Secret") return JSON.stringify({ ...object, metadata: {} });
  const values = entriesAt(object, "data").map(([, value]) => Buffer.from(String(value), "base64").toString("utf8"));
  return values.join("\n");
}

function lifeMs(payload: string): number | undefined {
  const claims = jsonOf(Buffer.from(payload, "base64url").toString("utf8"));
  const [from, to] = [numberAt(claims, "iat"), numberAt(claims, "exp")];
  return from === undefined || to === undefined ? undefined : (to - from) * 1000;
}

/** Whose token it is; undefined where it is not accepted. */
async function userOf(kube: Kube, token: string): Promise<string | undefined> {
  const answer = await kube.request("POST", "/apis/authentication.k8s.io/v1/tokenreviews", {
    body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenReview", spec: { token } },
  });
  if (answer.status !== 201) {
    throw new KubeError(`the API server did not answer a TokenReview: ${answer.text.slice(0, 200)}`, {
      status: answer.status,
    });
  }
  if (at(answer.body, "status", "authenticated") !== true) return undefined;
  return textAt(answer.body, "status", "user", "username");
}

/** The tokens in Secrets, ConfigMaps and CronJobs of a namespace that the API server accepts. */
export async function bearerTokens(kube: Kube, namespace: string): Promise<BearerToken[]> {
  const lists = await Promise.all(kinds.map((kind) => kube.list({ ...kind, namespace })));
  const found = lists
    .flat()
    .flatMap((where) =>
      [...textOf(where).matchAll(jsonWebToken)].map(([token, payload = ""]) => ({ where, token, payload })),
    );
  const judged = await Promise.all(
    found.map(async ({ where, token, payload }) => {
      const user = await userOf(kube, token);
      return user === undefined ? [] : [{ where, user, lifeMs: lifeMs(payload) }];
    }),
  );
  return judged.flat();
}
