import { keyOf, type Baseline, type Difference } from "./baseline.ts";
import { sameJson } from "./canonical.ts";

/** What came, went or changed between two states. */
export function compareBaseline(before: Baseline, now: Baseline): Difference {
  if (before.hash === now.hash) return { added: [], deleted: [], changed: [] };
  const old = new Map(before.entries.map((entry) => [keyOf(entry), entry]));
  const current = new Map(now.entries.map((entry) => [keyOf(entry), entry]));
  return {
    added: now.entries.filter((entry) => !old.has(keyOf(entry))),
    deleted: before.entries.filter((entry) => !current.has(keyOf(entry))),
    changed: before.entries.flatMap((entry) => {
      const found = current.get(keyOf(entry));
      if (found === undefined || sameJson(entry.fields, found.fields)) return [];
      return [{ before: entry, now: found }];
    }),
  };
}

/** True when nothing differs. */
export function isEmpty({ added, deleted, changed }: Difference): boolean {
  return added.length + deleted.length + changed.length === 0;
}
