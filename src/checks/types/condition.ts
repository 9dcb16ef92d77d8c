import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { listAt, textAt } from "../../lib/fields.ts";
import { ago } from "../../lib/text.ts";
import { onlyCurrent } from "../../system/current-pods.ts";
import { kubeOf, lookAtQuery, objectText, queryText, readObjects } from "../../system/objects.ts";
import { defineCheck, joined, verdict } from "../check.ts";

const params = z.strictObject({
  kind: z.string(),
  apiVersion: z.string().optional(),
  name: z.string().optional(),
  selector: z.string().optional(),
  namespace: z.string().optional(),
  condition: z.string().describe("Type of the condition: Ready, Available, PodScheduled"),
  status: z.enum(["True", "False", "Unknown"]).default("True"),
  reason: z.string().optional(),
  match: z.enum(["every", "any"]).default("every"),
});

type Params = z.infer<typeof params>;

function find(object: KubeObject, type: string): unknown {
  return listAt(object, "status", "conditions").find((one) => textAt(one, "type") === type);
}

function describe(object: KubeObject, type: string, now: number): string {
  const condition = find(object, type);
  if (condition === undefined) return `${objectText(object)} has no condition ${type}`;
  const reason = textAt(condition, "reason");
  const since = ago(textAt(condition, "lastTransitionTime"), now);
  const detail = [reason, since === "" ? "" : `since ${since.replace(" ago", "")}`].filter((part) => part !== "");
  return `${objectText(object)} ${type}=${textAt(condition, "status")}${detail.length > 0 ? ` (${detail.join(", ")})` : ""}`;
}

/** A condition in the status of objects. Pods that are terminating or of an old ReplicaSet do not count. */
export const condition = defineCheck<Params>({
  name: "condition",
  summary: "A status condition has this status, and this reason where one is given",
  reads: ["sandbox"],
  needs: ["cluster"],
  racy: true,
  params,
  async run(given, context) {
    const kube = kubeOf(context);
    const query = { ...given, namespace: given.namespace ?? context.namespace };
    const found = await readObjects(kube, query);
    const objects = given.kind === "Pod" ? await onlyCurrent(kube, query.namespace, found) : found;
    const holds = (object: KubeObject) => {
      const one = find(object, given.condition);
      return (
        textAt(one, "status") === given.status && (given.reason ?? textAt(one, "reason")) === textAt(one, "reason")
      );
    };
    const because = given.reason === undefined ? "" : ` because of ${given.reason}`;
    const expected = `${given.match} ${queryText(query)} ${given.condition}=${given.status}${because}`;
    const lookAt = lookAtQuery(query, "describe");
    if (objects.length === 0)
      return verdict(false, expected, `no object matches in namespace ${query.namespace}`, { lookAt });
    const good = objects.filter(holds);
    const passed = given.match === "any" ? good.length > 0 : good.length === objects.length;
    const telling = passed || given.match === "any" ? objects : objects.filter((object) => !good.includes(object));
    const now = await kube.time();
    return verdict(passed, expected, joined(telling.map((object) => describe(object, given.condition, now))), {
      lookAt,
    });
  },
});
