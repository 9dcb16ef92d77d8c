import { didYouMean } from "../format/nearest.ts";
import { problem, type Place, type Problem } from "../problem.ts";

/** A problem where `id` is none of the `known`, with the nearest of them. `where`: who names it; `what`: as what. */
export function unknownName(id: string, known: readonly string[], at: Place, where: string, what = "check"): Problem[] {
  if (known.includes(id)) return [];
  const near = didYouMean(id, known);
  const others = known.length === 0 ? "; there is none" : `; known: ${known.join(", ")}`;
  return [problem(at, `${where} names ${what} "${id}", which does not exist${near === "" ? others : near}`)];
}
