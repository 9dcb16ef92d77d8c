import { labObjects } from "../entries.ts";
import { nearest } from "../format/nearest.ts";
import { problem, warning, type Problem } from "../problem.ts";
import { parseTarget } from "../target.ts";
import type { Rule } from "./rule.ts";
import { eachSpec, type PlacedSpec } from "./specs.ts";

interface Named {
  readonly kind: string;
  readonly name: string;
}

/** Parameters that name something as `deployment/web`, and those that name one kind by its name alone. */
const asTarget = ["to", "of", "workload", "nodesOf", "target", "answeredBy", "container"];
const asName = ["service", "cronjob", "container"];

function namedIn(spec: PlacedSpec["spec"]): Named[] {
  const text = (key: string): string[] => (typeof spec[key] === "string" ? [spec[key]] : []);
  return [
    ...asTarget.flatMap(text).flatMap((one) => parseTarget(one) ?? []),
    ...asName.flatMap((kind) => text(kind).map((name) => ({ kind, name }))),
  ].filter(({ name }) => !/[/$]/.test(name));
}

/**
 * `to: service/web` and the like name what the lab brings. A name that is near one of those is a slip; any other may be of something that
 * comes later, and is pointed out. What a fix or bypass speaks of is taken to be made by it.
 */
export const knownNames: Rule = (source) => {
  const { lab, place, inScripts } = source;
  const objects: Named[] = [
    ...labObjects(lab).map(({ object }) => ({ kind: object.kind.toLowerCase(), name: object.metadata.name })),
    ...lab.containers.map(({ name }) => ({ kind: "container", name })),
  ];
  const look = ({ kind, name }: Named, path: readonly PropertyKey[], where: string): Problem[] => {
    // Pods get names of their own from what makes them.
    if (kind === "pod" && objects.some((one) => name.startsWith(`${one.name}-`))) return [];
    const known = objects.filter((one) => one.kind === kind).map((one) => one.name);
    if (known.includes(name) || inScripts(name)) return [];
    const near = nearest(name, known);
    const message = `${where} names ${kind}/${name}, which the lab does not bring`;
    if (near === undefined) return [warning(place(path), message)];
    return [problem(place(path), `${message}, did you mean "${kind}/${near}"?`)];
  };
  return [
    ...eachSpec(source).flatMap(({ spec, path, where }) => {
      const { namespace } = spec;
      if (typeof namespace === "string" && !lab.namespaces.includes(namespace)) return [];
      return namedIn(spec).flatMap((named) => look(named, path, where));
    }),
    ...lab.experiments.flatMap(({ id, settle }, index) =>
      settle.flatMap((text) => {
        const named = parseTarget(text);
        return named === undefined ? [] : look(named, ["experiments", index, "settle"], `"settle" of ${id}`);
      }),
    ),
  ];
};
