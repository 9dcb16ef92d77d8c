import { isRecord } from "./is-record.ts";

/** The value under these keys, undefined where one of them is missing. Objects by name, arrays by index. */
export function at(value: unknown, ...keys: readonly (string | number)[]): unknown {
  let current = value;
  for (const key of keys) {
    if (typeof current !== "object" || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** The text there; "" where there is none. */
export function textAt(value: unknown, ...keys: readonly (string | number)[]): string {
  const found = at(value, ...keys);
  return typeof found === "string" ? found : "";
}

/** The number there, undefined where there is none. */
export function numberAt(value: unknown, ...keys: readonly (string | number)[]): number | undefined {
  const found = at(value, ...keys);
  return typeof found === "number" ? found : undefined;
}

/** The number there; absence counts as 0, because the API server leaves zero counters out. */
export function countAt(value: unknown, ...keys: readonly (string | number)[]): number {
  return numberAt(value, ...keys) ?? 0;
}

/** The list there; empty where there is none. */
export function listAt(value: unknown, ...keys: readonly (string | number)[]): readonly unknown[] {
  const found = at(value, ...keys);
  return Array.isArray(found) ? found : [];
}

/** The entries of the object there; none where there is none. */
export function entriesAt(
  value: unknown,
  ...keys: readonly (string | number)[]
): readonly (readonly [string, unknown])[] {
  const found = at(value, ...keys);
  return isRecord(found) ? Object.entries(found) : [];
}
