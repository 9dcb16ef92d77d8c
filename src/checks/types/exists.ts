import { z } from "zod";
import { findResource, kubeOf, lookAtQuery, objectText, queryText, readObjects } from "../../system/objects.ts";
import { defineCheck, joined, verdict } from "../check.ts";

const params = z.strictObject({
  kind: z.string(),
  apiVersion: z.string().optional(),
  name: z.string().optional(),
  selector: z.string().optional(),
  namespace: z.string().optional(),
});

type Params = z.infer<typeof params>;

/** At least one object is there, and not on its way out. */
export const exists = defineCheck<Params>({
  name: "exists",
  summary: "At least one such object is there and not being deleted",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: false,
  params,
  async run(given, context) {
    const query = { ...given, namespace: given.namespace ?? context.namespace };
    const objects = await readObjects(kubeOf(context), query);
    const staying = objects.filter((object) => object.metadata.deletionTimestamp === undefined);
    const leaving = objects.length > 0 ? `${objects.map(objectText).join(", ")} being deleted` : "no such object";
    const observed = staying.length > 0 ? joined(staying.map(objectText)) : leaving;
    return verdict(staying.length > 0, `${queryText(query)} exists`, observed, { lookAt: lookAtQuery(query) });
  },
});

/** No such object is left, terminating ones included. */
export const absent = defineCheck<Params>({
  name: "absent",
  summary: "No such object is left; the kind must be one that can be listed",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: false,
  params,
  async run(given, context) {
    const kube = kubeOf(context);
    const query = { ...given, namespace: given.namespace ?? context.namespace };
    const expected = `no ${queryText(query)}`;
    const kind = await findResource(kube, given.kind, given.apiVersion);
    // An unknown kind has no objects, but so has a misspelt one: absence that cannot be seen is no pass.
    if (kind === undefined || !kind.verbs.includes("list")) {
      return { outcome: "error", expected, observed: `the API server cannot list objects of kind ${given.kind}` };
    }
    const objects = await readObjects(kube, query);
    const observed = objects.length === 0 ? "none there" : `there: ${joined(objects.map(objectText))}`;
    return verdict(objects.length === 0, expected, observed, { lookAt: lookAtQuery(query) });
  },
});
