import type { KubeObject } from "../../kube/kube.ts";
import { parseQuantity } from "../../lib/units.ts";
import { at, listAt } from "../../lib/fields.ts";

function cpuOf(holder: unknown): number | undefined {
  return parseQuantity(at(holder, "resources", "requests", "cpu"));
}

/** CPU that is set aside for a pod, in millicores: its own request where it has one, else those of its containers; 0 without any. */
export function requestedMillis(pod: KubeObject): number {
  const containers = listAt(pod, "spec", "containers").reduce<number>((sum, one) => sum + (cpuOf(one) ?? 0), 0);
  return Math.round((cpuOf(at(pod, "spec")) ?? containers) * 1000);
}
