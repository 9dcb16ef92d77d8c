import { relative } from "node:path";
import { judgedEntries } from "../entries.ts";
import { problem, type Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Every check is proven to be able to fail, every variant to be solvable, every bypass to be caught by something. */
export const provable: Rule = ({ lab, place }) => {
  const failing = new Set(lab.variants.flatMap((variant) => variant.fails));
  const bypasses = lab.scripts.filter((script) => script.kind === "bypass");
  const fixes = lab.scripts.filter((script) => script.kind === "fix");
  const caught = new Set(bypasses.flatMap((script) => script.caughtBy));
  const fileOf = (path: string): { file: string; line: number } => ({ file: relative(lab.dir, path), line: 1 });
  const found: Problem[] = [];
  for (const { entry, role, path } of judgedEntries(lab)) {
    if (caught.has(entry.id) || (role === "objective" && failing.has(entry.id))) continue;
    const need = role === "guard" ? "no bypass is caught by it" : "no variant fails it and no bypass is caught by it";
    found.push(problem(place(path), `${role} ${entry.id} is not proven: ${need}`));
  }
  for (const { id } of lab.variants) {
    if (fixes.some((fix) => fix.variants.length === 0 || fix.variants.includes(id))) continue;
    found.push(problem(place(["variants", id]), "no script in fixes/ is for this variant"));
  }
  for (const script of bypasses) {
    if (script.caughtBy.length === 0)
      found.push(problem(fileOf(script.path), "a bypass says what catches it: # caught-by: ID"));
  }
  for (const script of fixes) {
    if (script.caughtBy.length > 0) found.push(problem(fileOf(script.path), "a fix is not caught by anything"));
  }
  return found;
};
