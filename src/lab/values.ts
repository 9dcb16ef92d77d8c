import { createHash } from "node:crypto";
import { usageError } from "../lib/errors.ts";
import type { Lab, Variant } from "./lab.ts";

/** Values that every session has without the lab naming them; `sandbox` (its name) is added once there is one. */
export const builtInValues = ["token", "session", "sandbox"] as const;

const GENERATOR = /^random\.(?:hex(16|32)|int\((-?\d+), *(-?\d+)\))$/;

/** Why a value's text is no generator, though it looks like one; undefined when it is fine. */
export function generatorProblem(text: string): string | undefined {
  if (!text.startsWith("random.")) return undefined;
  const [whole, hex, from, to] = GENERATOR.exec(text) ?? [];
  if (whole === undefined) return `unknown generator "${text}"; known: random.hex16, random.hex32, random.int(a,b)`;
  if (hex === undefined && Number(from) > Number(to)) return `"${text}" has no number: ${from} is more than ${to}`;
  return undefined;
}

/** Hexadecimal digits that depend on the seed and a name only. */
export function seededHex(seed: string, name: string, digits: number): string {
  return createHash("sha256").update(`${seed}\0${name}`).digest("hex").slice(0, digits);
}

/** A whole number from 0 up to `below`, by seed and name. 48 bits: the bias is far below anything a lab could notice. */
export function seededInt(seed: string, name: string, below: number): number {
  return Number.parseInt(seededHex(seed, name, 12), 16) % below;
}

function generate(text: string, seed: string, name: string): string {
  const [whole, hex, from, to] = GENERATOR.exec(text) ?? [];
  if (whole === undefined) return text;
  if (hex !== undefined) return seededHex(seed, name, Number(hex));
  return String(Number(from) + seededInt(seed, name, Number(to) - Number(from) + 1));
}

/** The values of one session: the lab's own, `token` (32 hex digits) and `session` (8). The same for the same seed. */
export function generateValues(values: Readonly<Record<string, string>>, seed: string): Record<string, string> {
  const own = Object.entries(values).map(([name, text]) => [name, generate(text, seed, `value ${name}`)]);
  return { ...Object.fromEntries(own), token: seededHex(seed, "token", 32), session: seededHex(seed, "session", 8) };
}

/** The wanted variant, or one by the seed. An unknown name is answered without the known ones: they may tell the cause. */
export function pickVariant(lab: Pick<Lab, "id" | "variants">, seed: string, wanted?: string): Variant {
  const picked =
    wanted === undefined
      ? lab.variants[seededInt(seed, "variant", lab.variants.length)]
      : lab.variants.find((variant) => variant.id === wanted);
  if (picked === undefined) throw usageError(`lab ${lab.id} has no variant "${wanted ?? ""}"`, "leave --variant out");
  return picked;
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

/** Calls `visit` with every string inside a value (not with keys) and its path. */
export function eachString(
  value: unknown,
  visit: (text: string, path: readonly PropertyKey[]) => void,
  path: readonly PropertyKey[] = [],
): void {
  if (typeof value === "string") visit(value, path);
  else if (Array.isArray(value)) for (const [index, item] of value.entries()) eachString(item, visit, [...path, index]);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) eachString(item, visit, [...path, key]);
  }
}
