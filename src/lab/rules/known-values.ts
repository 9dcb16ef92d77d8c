import { labObjects, objectName } from "../entries.ts";
import { didYouMean } from "../format/nearest.ts";
import { type Place, type Problem, problem } from "../problem.ts";
import { builtInValues, generatorProblem, referencesWithin, substitutedParts } from "../values.ts";
import type { Rule } from "./rule.ts";

/** `${name}` names a value of the lab, and values are made in a known way. */
export const knownValues: Rule = ({ lab, place, objectPlace }) => {
  const known = [...Object.keys(lab.values), ...builtInValues];
  const unknown = (value: unknown, at: (path: readonly PropertyKey[]) => Place, what: string): Problem[] =>
    referencesWithin(value)
      .filter(({ name }) => !known.includes(name))
      .map(({ name, path }) => {
        const near = didYouMean(name, known);
        return problem(at(path), `${what}there is no value "${name}"${near === "" ? "; $${ escapes" : near}`);
      });
  const { stage: _stage, base: _base, variants, ...written } = substitutedParts(lab);
  const faults = variants.map(({ id, fault }) => ({ id, fault: fault.filter((entry) => entry.do !== "apply") }));
  return [
    ...Object.entries(lab.values).flatMap(([name, text]) => {
      const reserved = builtInValues.some((builtIn) => builtIn === name)
        ? `"${name}" is a value of every lab`
        : undefined;
      const message = reserved ?? generatorProblem(text);
      return message === undefined ? [] : [problem(place(["values", name]), message)];
    }),
    ...unknown(written, place, ""),
    ...lab.hints.flatMap((hint, index) => unknown(hint, () => place(["hints", index]), "")),
    ...faults.flatMap(({ id, fault }) => unknown(fault, () => place(["variants", id, "fault"]), "")),
    ...labObjects(lab).flatMap(({ object }) => unknown(object, () => objectPlace(object), `${objectName(object)}: `)),
  ];
};
