import { z } from "zod";
import { span } from "../../lib/text.ts";
import { duration } from "../../lib/units.ts";
import { type BearerToken, bearerTokens } from "../../system/bearer-tokens.ts";
import { kubeOf, objectText } from "../../system/objects.ts";
import { defineCheck, joined, verdict } from "../check.ts";

const params = z.strictObject({
  namespace: z.string().optional(),
  longest: duration.describe("Longest life of a token, from its making to its end"),
  account: z.string().optional().describe("Service account of the namespace that every token must be of"),
});

type Params = z.infer<typeof params>;

function tokenText({ where, user, lifeMs }: BearerToken): string {
  const long = lifeMs === undefined ? "for ever" : `for ${span(lifeMs)}`;
  return `${objectText(where)} holds a token of ${user} that is valid ${long}`;
}

/** Credentials that were put somewhere, whose they are, and how long they live. Those that the API server does not accept are none. */
export const tokens = defineCheck<Params>({
  name: "tokens",
  summary:
    "No Secret, ConfigMap or CronJob holds a token that the API server accepts and that lives too long, or is another account's",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: false,
  params,
  async run({ namespace: given, longest, account }, context) {
    const namespace = given ?? context.namespace;
    const found = await bearerTokens(kubeOf(context), namespace);
    const owner = account === undefined ? undefined : `system:serviceaccount:${namespace}:${account}`;
    const bad = found.filter(
      ({ user, lifeMs }) => lifeMs === undefined || lifeMs > longest || (owner !== undefined && user !== owner),
    );
    const other = owner === undefined ? "" : `, and none is of another account than ${owner}`;
    const expected = `no token in ${namespace} lives longer than ${span(longest)}${other}`;
    const observed =
      found.length === 0 ? "no token that is accepted" : joined((bad.length > 0 ? bad : found).map(tokenText));
    return verdict(bad.length === 0, expected, observed, { lookAt: `kubectl -n ${namespace} get secrets` });
  },
});
