import { builtInKinds } from "../../kube/built-in-kinds.ts";
import { labObjects, objectName } from "../entries.ts";
import { warning } from "../problem.ts";
import type { Rule } from "./rule.ts";

const CLUSTER_SCOPED = new Set(Object.values(builtInKinds).flatMap(({ cluster = [] }) => cluster));

/** True for kinds that live outside of namespaces, among those that Kubernetes itself has. */
export function isClusterScoped(kind: string): boolean {
  return CLUSTER_SCOPED.has(kind);
}

/** Objects outside of the lab's namespaces are pointed out: stop has to restore each by its name. */
export const clusterScoped: Rule = ({ lab, objectPlace }) =>
  labObjects(lab)
    .filter(({ object, part }) => part !== "stage" && isClusterScoped(object.kind))
    .map(({ object }) => warning(objectPlace(object), `${objectName(object)} is outside of the lab's namespaces`));
