import { z } from "zod";
import { duration } from "../../lab/duration.ts";
import { defineCheck } from "../check.ts";
import { joined, verdict } from "../observe.ts";
import { span } from "../read/age.ts";
import { bearerTokens, type BearerToken } from "../read/bearer-tokens.ts";
import { objectText } from "../read/kind.ts";
import { kubeOf } from "../read/sandbox-kube.ts";

const params = z.strictObject({
  namespace: z.string().optional(),
  longest: duration.describe("Longest life of a token, from its making to its end"),
});

type Params = z.infer<typeof params>;

function tokenText({ where, lifeMs }: BearerToken): string {
  return `${objectText(where)} holds a token that is valid ${lifeMs === undefined ? "for ever" : `for ${span(lifeMs)}`}`;
}

/** Credentials that were put somewhere, and how long they live. Those that the API server does not accept are none. */
export const tokens = defineCheck<Params>({
  name: "tokens",
  summary: "No Secret, ConfigMap or CronJob holds a token that the API server accepts and that lives longer than this",
  reads: ["sandbox"],
  providers: ["kind"],
  racy: false,
  params,
  async run({ namespace: given, longest }, context) {
    const namespace = given ?? context.namespace;
    const found = await bearerTokens(kubeOf(context), namespace);
    const long = found.filter(({ lifeMs }) => lifeMs === undefined || lifeMs > longest);
    const expected = `no token in ${namespace} lives longer than ${span(longest)}`;
    const observed =
      found.length === 0 ? "no token that is accepted" : joined((long.length > 0 ? long : found).map(tokenText));
    return verdict(long.length === 0, expected, observed, { lookAt: `kubectl -n ${namespace} get secrets` });
  },
});
