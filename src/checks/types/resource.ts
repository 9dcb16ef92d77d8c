import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { bounds, boundsText, comparisonText, isWithin, operators, satisfies, shown } from "../../lib/compare.ts";
import { isPath, readPath } from "../../lib/path.ts";
import { onlyCurrent } from "../../system/current-pods.ts";
import { kubeOf, lookAtQuery, objectText, queryText, readObjects } from "../../system/objects.ts";
import { defineCheck, joined, verdict } from "../check.ts";

const params = z
  .strictObject({
    kind: z.string(),
    apiVersion: z.string().optional(),
    name: z.string().optional(),
    selector: z.string().optional(),
    namespace: z.string().optional(),
    path: z
      .string()
      .refine(isPath, "write a path as status.conditions[type=Ready].status")
      .describe("Path to the field"),
    op: z.enum(operators),
    value: z.unknown().optional(),
    match: z.enum(["every", "any", "none"]).default("every").describe("How many values must satisfy op"),
    count: bounds.optional().describe("How many objects must be found"),
    default: z
      .unknown()
      .optional()
      .describe("What an absent field means, for counters that the API leaves out at zero"),
  })
  .refine(({ op, value }) => (value === undefined) === (op === "exists" || op === "absent"), {
    message: "exists and absent take no value, every other op needs one",
    path: ["value"],
  });

type Params = z.infer<typeof params>;

function matched({ match, op, value }: Params, values: readonly unknown[]): boolean {
  const good = values.filter((one) => satisfies(one, op, value)).length;
  if (match === "none") return good === 0;
  return match === "any" ? good > 0 : good === values.length;
}

/** A field of any object of any kind. */
export const resource = defineCheck<Params>({
  name: "resource",
  summary: "A field of one or more objects compares as told; no object at all is a fail",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: false,
  params,
  async run(given, context) {
    const kube = kubeOf(context);
    const query = { ...given, namespace: given.namespace ?? context.namespace };
    const found = await readObjects(kube, query);
    const objects = given.kind === "Pod" ? await onlyCurrent(kube, query.namespace, found) : found;
    const which = given.match === "every" ? "" : `${given.match} of `;
    const expected = `${which}${queryText(query)} ${given.path} ${comparisonText(given.op, given.value)}`;
    const lookAt = lookAtQuery(query);
    if (given.count !== undefined && !isWithin(objects.length, given.count)) {
      return verdict(false, `${boundsText(given.count)} ${queryText(query)}`, `${objects.length} found`, { lookAt });
    }
    if (objects.length === 0)
      return verdict(false, expected, `no object matches in namespace ${query.namespace}`, { lookAt });
    const read = (object: KubeObject) => readPath(object, given.path).map((value) => value ?? given.default);
    const seen = objects.map((object) => ({ object, values: read(object) }));
    const passed = matched(
      given,
      seen.flatMap(({ values }) => values),
    );
    // A failed `every` shows what spoils it; the rest would bury it.
    const telling = seen.filter(({ values }) => passed || given.match !== "every" || !matched(given, values));
    const observed = telling.map(({ object, values }) => `${objectText(object)} ${values.map(shown).join(", ")}`);
    return verdict(passed, expected, joined(observed), { lookAt });
  },
});
