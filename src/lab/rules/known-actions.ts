import { nestedChecks } from "../format/check-schema.ts";
import type { CheckSpec } from "../lab.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";
import { unknownName } from "./unknown-name.ts";

/** What the checks of an experiment's objectives read of its record: an action by its kind, or one by the name that the lab gave it. */
const byKind = ["action", "during"];
const byName = ["from"];

/** `action`, `during` and `from` of checks name actions of their own experiment. */
export const knownActions: Rule = ({ lab, place, words }) =>
  lab.experiments.flatMap(({ do: steps, with: companions, control, objectives }, index) => {
    const specs = [...steps, ...companions, ...(control === undefined ? [] : [control])];
    const kinds = [...new Set(specs.map(({ name }) => name))];
    const names = specs.flatMap(({ params }) => (typeof params["name"] === "string" ? [params["name"]] : []));
    const look = (spec: CheckSpec, path: readonly PropertyKey[], id: string): Problem[] => {
      const one = (key: string, known: readonly string[]): Problem[] => {
        const named = spec[key];
        return typeof named === "string" ? unknownName(named, known, place([...path, key]), id, "action") : [];
      };
      return [
        ...byKind.flatMap((key) => one(key, kinds)),
        ...byName.flatMap((key) => one(key, names)),
        ...nestedChecks(spec, words).flatMap((child) => look(child.spec, [...path, ...child.path], id)),
      ];
    };
    return objectives.flatMap(({ id, check }, at) =>
      look(check, ["experiments", index, "objectives", at, "check"], `objective ${id}`),
    );
  });
