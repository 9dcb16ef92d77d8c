import { z } from "zod";
import { builtInKinds, kindsOf } from "../../kube/built-in-kinds.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { labObjects, objectName } from "../entries.ts";
import { didYouMean } from "../format/nearest.ts";
import { problem, type Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";
import { eachSpec } from "./specs.ts";

const definition = z.looseObject({
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(z.looseObject({ name: z.string() })),
  }),
});

/** Kinds by apiVersion: those of Kubernetes, and those that the lab's own CustomResourceDefinitions add. */
function kindsIn(objects: readonly KubeObject[]): ReadonlyMap<string, readonly string[]> {
  const kinds = new Map<string, readonly string[]>();
  for (const [apiVersion, { namespaced = [], cluster = [] }] of Object.entries(builtInKinds))
    kinds.set(apiVersion, [...namespaced, ...cluster]);
  for (const object of objects) {
    const parsed = definition.safeParse(object);
    if (object.kind !== "CustomResourceDefinition" || !parsed.success) continue;
    const { group, names, versions } = parsed.data.spec;
    for (const { name } of versions) {
      const apiVersion = `${group}/${name}`;
      kinds.set(apiVersion, [...(kinds.get(apiVersion) ?? []), names.kind]);
    }
  }
  return kinds;
}

/** Words by which the API server's discovery finds a kind: in any case, in the singular and in the plural. */
function wordsFor(kind: string): readonly string[] {
  const lower = kind.toLowerCase();
  return [lower, `${lower}s`, `${lower}es`, lower.replace(/y$/, "ies")];
}

/**
 * Kinds are those of the pinned Kubernetes or of the lab's own CustomResourceDefinitions. Where only a kind is written (checks, `delete`,
 * `patch`), one that is near no other is let through: something may bring it later, as a fix does that speaks of it.
 */
export const knownKinds: Rule = (source) => {
  const { lab, place, objectPlace, inScripts } = source;
  const objects = labObjects(lab).map(({ object }) => object);
  const kinds = kindsIn(objects);
  const names = [...new Set([...kinds.values()].flat())];
  const words = new Set(names.flatMap(wordsFor));
  const ofObject = (object: KubeObject): Problem[] => {
    const { apiVersion, kind } = object;
    if (kinds.get(apiVersion)?.includes(kind) === true || inScripts(kind)) return [];
    const elsewhere = [...kinds].filter(([, served]) => served.includes(kind)).map(([version]) => version);
    const near = didYouMean(kind, kinds.get(apiVersion) ?? names);
    const cure = elsewhere.length > 0 ? `, it is in ${elsewhere.join(", ")}` : near;
    const message = `Kubernetes ${kindsOf} and the lab's definitions have no ${kind} in ${apiVersion}${cure}`;
    return [problem(objectPlace(object), `${objectName(object)}: ${message}`)];
  };
  const ofWord = (kind: unknown, path: readonly PropertyKey[], where: string): Problem[] => {
    if (typeof kind !== "string" || words.has(kind.toLowerCase()) || inScripts(kind)) return [];
    const near = didYouMean(kind, names);
    return near === "" ? [] : [problem(place(path), `${where} names kind "${kind}", which does not exist${near}`)];
  };
  return [
    ...objects.flatMap(ofObject),
    ...lab.variants.flatMap(({ id, fault }) =>
      fault.flatMap((step, index) =>
        step.do === "delete" || step.do === "patch"
          ? ofWord(step.kind, ["variants", id, "fault", index], `variant ${id}`)
          : [],
      ),
    ),
    ...eachSpec(source).flatMap(({ of, spec, path, where }) =>
      of === "check" ? ofWord(spec["kind"], path, where) : [],
    ),
  ];
};
