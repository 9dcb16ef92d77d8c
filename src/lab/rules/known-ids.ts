import { relative } from "node:path";
import { allEntries, judgedEntries } from "../entries.ts";
import { didYouMean } from "../nearest.ts";
import { problem, type Place, type Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";
import { builtInGuards } from "./unique-ids.ts";

function unknown(id: string, known: readonly string[], at: Place, where: string, what = "check"): Problem[] {
  if (known.includes(id)) return [];
  const near = didYouMean(id, known);
  return [
    problem(
      at,
      `${where} names ${what} "${id}", which does not exist${near === "" ? `; known: ${known.join(", ")}` : near}`,
    ),
  ];
}

/** `fails`, `needs`, `when`, `caught-by` and `variants` name what exists. */
export const knownIds: Rule = ({ lab, place }) => {
  const judged = judgedEntries(lab).map(({ entry }) => entry.id);
  const all = allEntries(lab);
  const ids = [...all.map(({ entry }) => entry.id), ...lab.experiments.map((experiment) => experiment.id)];
  const variants = lab.variants.map((variant) => variant.id);
  const check = (
    list: readonly string[],
    known: readonly string[],
    path: readonly PropertyKey[],
    where: string,
  ): Problem[] => list.flatMap((id) => unknown(id, known, place(path), where));
  return [
    ...lab.variants.flatMap(({ id, fails }) => check(fails, judged, ["variants", id, "fails"], `variant ${id}`)),
    ...all.flatMap(({ entry, path }) =>
      check(
        entry.needs,
        ids.filter((id) => id !== entry.id),
        [...path, "needs"],
        `"needs" of ${entry.id}`,
      ),
    ),
    ...lab.experiments.flatMap(({ id, needs, objectives }, index) => {
      const own = new Set([id, ...objectives.map((objective) => objective.id)]);
      return check(
        needs,
        ids.filter((known) => !own.has(known)),
        ["experiments", index, "needs"],
        `"needs" of ${id}`,
      );
    }),
    ...lab.hints.flatMap(({ when }, index) =>
      when === undefined ? [] : check([when], judged, ["hints", index, "when"], "a hint"),
    ),
    ...lab.scripts.flatMap((script) => {
      const at = { file: relative(lab.dir, script.path), line: 1 };
      return [
        ...script.variants.flatMap((id) => unknown(id, variants, at, "variants", "variant")),
        ...script.caughtBy.flatMap((id) => unknown(id, [...judged, ...builtInGuards], at, "caught-by")),
      ];
    }),
  ];
};
