import { createHash } from "node:crypto";

/** Values that every lab has without naming them. */
export const builtInValues = ["token", "session"] as const;

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
