import { labObjects, objectName } from "../entries.ts";
import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Objects live in namespaces that the lab declares. */
export const knownNamespaces: Rule = ({ lab, objectPlace }) =>
  labObjects(lab).flatMap(({ object }) => {
    const namespace = object.kind === "Namespace" ? object.metadata.name : object.metadata.namespace;
    if (namespace === undefined || lab.namespaces.includes(namespace)) return [];
    return [
      problem(objectPlace(object), `${objectName(object)}: namespace "${namespace}" is not among the lab's namespaces`),
    ];
  });
