import { eachString } from "./each-string.ts";
import type { Lab } from "./lab.ts";

/** `${name}`, or its escape `$${name}`. */
export const REFERENCE = /\$?\$\{([^{}]*)\}/g;

/** Names that `${…}` in a text refers to; `$${…}` is an escape and refers to nothing. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].filter(([whole]) => !whole.startsWith("$$")).map(([, name = ""]) => name);
}

/** The parts of a lab in which values may stand. */
export type SubstitutedParts = Pick<
  Lab,
  "stage" | "base" | "nodes" | "containers" | "variants" | "symptom" | "guards" | "objectives" | "experiments"
>;

/** The parts of a lab in which values may stand, under their keys in lab.yaml. */
export function substitutedParts(lab: Lab): SubstitutedParts {
  const { stage, base, nodes, containers, variants, symptom, guards, objectives, experiments } = lab;
  return { stage, base, nodes, containers, variants, symptom, guards, objectives, experiments };
}

/** Every name that a value refers to, with its path. */
export function referencesWithin(value: unknown): { name: string; path: readonly PropertyKey[] }[] {
  const found: { name: string; path: readonly PropertyKey[] }[] = [];
  eachString(value, (text, path) => {
    for (const name of referencesIn(text)) found.push({ name, path });
  });
  return found;
}
