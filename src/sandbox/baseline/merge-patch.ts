import { sameJson } from "./canonical.ts";
import { isRecord } from "../../lib/is-record.ts";

/** The merge patch (RFC 7386) that turns `from` into `to`; undefined when they are equal. */
export function mergePatch(from: unknown, to: unknown): unknown {
  if (sameJson(from, to)) return undefined;
  if (!isRecord(from) || !isRecord(to)) return to;
  const gone = Object.keys(from).filter((key) => to[key] === undefined);
  const kept = Object.keys(to).flatMap((key) => {
    const patch = key in from ? mergePatch(from[key], to[key]) : to[key];
    return patch === undefined ? [] : [[key, patch] as const];
  });
  return { ...Object.fromEntries(gone.map((key) => [key, null])), ...Object.fromEntries(kept) };
}

/** The places that a patch touches, for people: `data.Corefile`, `spec.replicas`. */
export function patchedPaths(patch: unknown, depth = 2): string[] {
  if (!isRecord(patch) || depth === 0) return [];
  return Object.entries(patch).flatMap(([key, inner]) => {
    const below = patchedPaths(inner, depth - 1);
    return below.length === 0 ? [key] : below.map((one) => `${key}.${one}`);
  });
}
