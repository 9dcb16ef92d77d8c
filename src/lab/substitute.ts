import { usageError } from "../errors.ts";
import { eachString } from "./each-string.ts";
import type { Lab } from "./lab.ts";

const REFERENCE = /\$?\$\{([^{}]*)\}/g;

/** Names that `${…}` in a text refers to; `$${…}` is an escape and refers to nothing. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].filter(([whole]) => !whole.startsWith("$$")).map(([, name = ""]) => name);
}

function substituteText(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(REFERENCE, (whole, name: string) => {
    if (whole.startsWith("$$")) return whole.slice(1);
    if (!Object.hasOwn(values, name)) throw usageError(`there is no value "${name}" for ${whole}`);
    return values[name] ?? "";
  });
}

function deep(value: unknown, values: Readonly<Record<string, string>>): unknown {
  if (typeof value === "string") return substituteText(value, values);
  if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) Reflect.set(value, key, deep(item, values));
  }
  return value;
}

/** A copy of an object or list with `${name}` replaced in all its strings. `$${` stands for `${`. Throws on an unknown name. */
export function substitute<T extends object>(value: T, values: Readonly<Record<string, string>>): T {
  const copy = structuredClone(value);
  deep(copy, values);
  return copy;
}

/** The parts of a lab in which values may stand. */
export type SubstitutedParts = Pick<
  Lab,
  "stage" | "base" | "containers" | "variants" | "symptom" | "guards" | "objectives" | "experiments"
>;

/** The parts of a lab in which values may stand, under their keys in lab.yaml. */
export function substitutedParts(lab: Lab): SubstitutedParts {
  const { stage, base, containers, variants, symptom, guards, objectives, experiments } = lab;
  return { stage, base, containers, variants, symptom, guards, objectives, experiments };
}

/** A lab with a session's values in place: manifests, containers, faults, checks and experiments. */
export function substituteLab(lab: Lab, values: Readonly<Record<string, string>>): Lab {
  return { ...lab, ...substitute(substitutedParts(lab), values) };
}

/** Every name that a value refers to, with its path. */
export function referencesWithin(value: unknown): { name: string; path: readonly PropertyKey[] }[] {
  const found: { name: string; path: readonly PropertyKey[] }[] = [];
  eachString(value, (text, path) => {
    for (const name of referencesIn(text)) found.push({ name, path });
  });
  return found;
}
