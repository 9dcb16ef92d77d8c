import type { Lab } from "../lab/lab.ts";
import type { KnownFix } from "../lab/solution.ts";
import { markdownText } from "./markdown-text.ts";

function body(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^#(?:!|\s*(?:variants|caught-by):)/.test(line))
    .join("\n")
    .trim()
    .replaceAll(/^(?=.)/gm, "    ");
}

/** The debrief and the repairs that are known to work. */
export function solutionText(lab: Lab, fixes: readonly KnownFix[], width: number): string {
  const repairs = fixes.flatMap(({ name, text }) => ["", `${name}:`, "", body(text)]);
  const heading = ["", "Repairs that are known to work; others may be as right:"];
  return `${[markdownText(lab.debrief, width), ...(repairs.length === 0 ? [] : heading), ...repairs].join("\n")}\n`;
}
