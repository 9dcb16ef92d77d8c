import { relative } from "node:path";
import { allEntries, judgedEntries } from "../entries.ts";
import type { Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";
import { unknownName } from "./unknown-name.ts";
import { builtInGuards } from "./unique-ids.ts";

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
  ): Problem[] => list.flatMap((id) => unknownName(id, known, place(path), where));
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
        ...script.variants.flatMap((id) => unknownName(id, variants, at, "variants", "variant")),
        ...script.caughtBy.flatMap((id) => unknownName(id, [...judged, ...builtInGuards], at, "caught-by")),
      ];
    }),
  ];
};
