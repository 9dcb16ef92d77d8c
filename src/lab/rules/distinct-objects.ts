import { objectName } from "../entries.ts";
import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** No object of stage and base is there twice: the second would silently replace the first. */
export const distinctObjects: Rule = ({ lab, objectPlace }) => {
  const seen = new Set<string>();
  return [...lab.stage, ...lab.base].flatMap((object) => {
    const namespace = object.metadata.namespace ?? lab.namespaces[0] ?? "";
    const key = `${object.apiVersion} ${objectName(object)} ${namespace}`;
    if (seen.has(key)) return [problem(objectPlace(object), `${objectName(object)} is there twice in ${namespace}`)];
    seen.add(key);
    return [];
  });
};
