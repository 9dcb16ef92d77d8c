import type { KubeObject } from "../../kube/kube.ts";

const label = "node-role.kubernetes.io/control-plane";

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The pod spec inside a Pod or a workload; undefined for other kinds. */
function podSpecOf(object: KubeObject): Record<string, unknown> | undefined {
  const spec = object["spec"];
  if (!isRecord(spec)) return undefined;
  if (object.kind === "Pod") return spec;
  const template = spec["template"];
  return isRecord(template) && isRecord(template["spec"]) ? template["spec"] : undefined;
}

/** A copy of a stage object whose pods run on the control-plane node, where drains and placement labs do not move them. */
export function pinStage(object: KubeObject): KubeObject {
  const copy = structuredClone(object);
  const spec = podSpecOf(copy);
  if (spec === undefined) return copy;
  const selector = spec["nodeSelector"];
  spec["nodeSelector"] = { ...(isRecord(selector) ? selector : {}), [label]: "" };
  const tolerations: unknown = spec["tolerations"];
  spec["tolerations"] = [
    ...(Array.isArray(tolerations) ? tolerations : []),
    { key: label, operator: "Exists", effect: "NoSchedule" },
  ];
  return copy;
}
