import type { KubeObject } from "../../kube/kube.ts";
import { controlPlaneLabel } from "../../sandbox/sandbox.ts";
import { isRecord } from "../../lib/is-record.ts";

function specOf(value: unknown): Record<string, unknown> | undefined {
  return isRecord(value) && isRecord(value["spec"]) ? value["spec"] : undefined;
}

/** The pod spec inside a Pod or a workload; undefined for other kinds. */
function podSpecOf(object: KubeObject): Record<string, unknown> | undefined {
  const spec = specOf(object);
  if (object.kind === "Pod") return spec;
  // A CronJob holds a Job, and that holds the pods.
  return specOf((specOf(spec?.["jobTemplate"]) ?? spec)?.["template"]);
}

/** A copy of a stage object whose pods run on the control-plane node, where drains and placement labs do not move them. */
export function pinStage(object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  const spec = podSpecOf(copy);
  if (spec === undefined) return copy;
  const selector = spec["nodeSelector"];
  spec["nodeSelector"] = { ...(isRecord(selector) ? selector : {}), [controlPlaneLabel]: "" };
  const tolerations: unknown = spec["tolerations"];
  spec["tolerations"] = [
    ...(Array.isArray(tolerations) ? tolerations : []),
    { key: controlPlaneLabel, operator: "Exists", effect: "NoSchedule" },
  ];
  return copy;
}
