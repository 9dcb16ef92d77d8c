import type { Observation } from "../check.ts";
import { joined, verdict } from "../observe.ts";

/** One thing that a check demands of what it looks at. */
export interface Rule {
  readonly expected: string;
  readonly observed: string;
  readonly holds: boolean;
}

/** Passes when every rule holds; tells of those that do not, or of all. */
export function rulesVerdict(rules: readonly Rule[], subject = ""): Observation {
  const failed = rules.filter((rule) => !rule.holds);
  const telling = failed.length > 0 ? failed : rules;
  const expected = [...(subject === "" ? [] : [subject]), ...rules.map((rule) => rule.expected)].join(", ");
  return verdict(failed.length === 0, expected, joined(telling.map((rule) => rule.observed)));
}
