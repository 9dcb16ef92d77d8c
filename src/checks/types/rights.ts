import { z } from "zod";
import { KubeError } from "../../kube/kube-error.ts";
import type { ApiResource, Kube } from "../../kube/kube.ts";
import { listAt } from "../../lib/fields.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { accountKube } from "../../system/account-kube.ts";
import { type Right, includesRight, rightText, rightsOf } from "../../system/rbac.ts";
import { kubeOf } from "../../system/objects.ts";

const params = z.strictObject({
  account: z.string(),
  namespace: z.string().optional().describe("Of the account; default: the lab's first"),
  only: z
    .array(
      z.strictObject({
        namespaces: z.array(z.string()).min(1),
        groups: z.array(z.string()).min(1).describe('API groups; "" is the core group'),
        resources: z.array(z.string()).min(1).describe("Plural, with subresource where it is one: deployments/scale"),
        verbs: z.array(z.string()).min(1),
      }),
    )
    .default([]),
});

type Params = z.infer<typeof params>;

/** What RBAC's default roles give to everybody who is known: questions about oneself, and discovery. */
const everybodys: readonly Right[] = rightsOf([
  {
    verbs: ["create"],
    apiGroups: ["authorization.k8s.io"],
    resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"],
  },
  { verbs: ["create"], apiGroups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"] },
  {
    verbs: ["get"],
    nonResourceURLs: [
      "/api",
      "/api/*",
      "/apis",
      "/apis/*",
      "/openapi",
      "/openapi/*",
      "/version",
      "/version/",
      "/healthz",
      "/livez",
      "/readyz",
      "/.well-known/openid-configuration",
      "/.well-known/openid-configuration/",
      "/openid/v1/jwks",
      "/openid/v1/jwks/",
    ],
  },
]);

/** What the owner of the token may do in a namespace, as the API server lists it: by roles of the account and of its groups. */
async function rightsIn(account: Kube, namespace: string): Promise<Right[]> {
  const answer = await account.request("POST", "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews", {
    body: { apiVersion: "authorization.k8s.io/v1", kind: "SelfSubjectRulesReview", spec: { namespace } },
  });
  if (answer.status !== 201) {
    throw new KubeError(`the API server did not answer a SelfSubjectRulesReview: ${answer.text.slice(0, 200)}`, {
      status: answer.status,
    });
  }
  return rightsOf([
    ...listAt(answer.body, "status", "resourceRules"),
    ...listAt(answer.body, "status", "nonResourceRules"),
  ]);
}

function granted(only: Params["only"], namespace: string): Right[] {
  const here = only.filter(({ namespaces }) => namespaces.includes(namespace));
  return rightsOf(here.map(({ groups, resources, verbs }) => ({ apiGroups: groups, resources, verbs })));
}

/**
 * Whether a right is about nothing: a resource by its name in a group that has none of that name, while another group has. People list several
 * groups beside one resource, and all but one of them mean nothing.
 */
function isVoid({ group, resource, url }: Right, served: readonly ApiResource[]): boolean {
  if (url !== "" || group === "*" || resource.includes("*")) return false;
  const [plural] = resource.split("/");
  const groups = served.filter((one) => one.plural === plural).map(groupOf);
  return groups.length > 0 && !groups.includes(group) && served.some((one) => groupOf(one) === group);
}

function groupOf({ apiVersion }: ApiResource): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** Everything that a service account may do, listed and not asked for one by one: what nobody thought of is seen, too. */
export const rights = defineCheck<Params>({
  name: "rights",
  summary: "A service account may do what `only` lists and what everybody may, and nothing else, in no namespace",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run({ account, namespace: given, only }, context) {
    const kube = kubeOf(context);
    const home = given ?? context.namespace;
    const own = await accountKube(kube, home, account);
    const expected = `serviceaccount ${account} has no rights but those it needs`;
    const user = `system:serviceaccount:${home}:${account}`;
    if (own === undefined) return verdict(false, expected, `serviceaccount ${account} does not exist in ${home}`);
    const [namespaces, served] = await Promise.all([
      kube.list({ apiVersion: "v1", kind: "Namespace" }),
      kube.resources(),
    ]);
    const found = await Promise.all(
      namespaces.map(async ({ metadata: { name } }) => {
        const needed = [...everybodys, ...granted(only, name)];
        const all = await rightsIn(own, name);
        return {
          name,
          over: all.filter((right) => !isVoid(right, served) && !needed.some((one) => includesRight(one, right))),
        };
      }),
    );
    const places = new Map<string, string[]>();
    for (const { name, over } of found) {
      for (const text of over.map(rightText)) places.set(text, [...(places.get(text) ?? []), name]);
    }
    const texts = [...places].map(
      ([text, names]) => `${text} ${names.length === namespaces.length ? "everywhere" : `in ${names.join(", ")}`}`,
    );
    const [worst] = found.filter(({ over }) => over.length > 0);
    const observed = texts.length === 0 ? "no others" : `${account} may ${joined(texts)}`;
    const lookAt = `kubectl -n ${worst?.name ?? home} auth can-i --list --as=${user}`;
    return verdict(texts.length === 0, expected, observed, { lookAt });
  },
});
