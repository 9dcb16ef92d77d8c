import type { Lab } from "../lab/lab.ts";
import { substitute, substitutedParts } from "../lab/values.ts";
import { usageError } from "../lib/errors.ts";
import type { FilledLab } from "./scenario.ts";

/** The lab with every `${value}` filled in, and the chosen variant. */
export function fillLab(lab: Lab, variant: string, values: Readonly<Record<string, string>>): FilledLab {
  const filled = { ...lab, ...substitute(substitutedParts(lab), values) };
  const chosen = filled.variants.find(({ id }) => id === variant);
  if (chosen === undefined) throw usageError(`lab ${lab.id} has no variant "${variant}"`);
  return { lab: filled, variant: chosen };
}
