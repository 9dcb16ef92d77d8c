import { KubeError } from "../kube/kube-error.ts";
import type { Kube } from "../kube/kube.ts";
import { textAt } from "../lib/fields.ts";

/** The shortest life that the API server gives a token. */
const SECONDS = 600;

/** The cluster as a service account sees it, by a token that ends by itself; undefined without such an account. */
export async function accountKube(kube: Kube, namespace: string, name: string): Promise<Kube | undefined> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/serviceaccounts/${encodeURIComponent(name)}/token`;
  const body = {
    apiVersion: "authentication.k8s.io/v1",
    kind: "TokenRequest",
    spec: { expirationSeconds: SECONDS },
  };
  const answer = await kube.request("POST", path, { body });
  if (answer.status === 404) return undefined;
  const token = textAt(answer.body, "status", "token");
  if (token !== "") return kube.withToken(token);
  throw new KubeError(`the API server gave no token for serviceaccount ${name}: ${answer.text.slice(0, 200)}`, {
    status: answer.status,
  });
}
