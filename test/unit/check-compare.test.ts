import { describe, expect, it } from "vitest";
import { operators, satisfies, type Operator } from "../../src/lib/compare.ts";

const cases: readonly [actual: unknown, op: Operator, expected: unknown, holds: boolean][] = [
  ["1500m", "eq", 1.5, true],
  ["64Mi", "gte", "0.0625Gi", true],
  ["64Mi", "lt", "64M", false],
  [3, "gt", 3, false],
  [3, "lte", 3, true],
  ["3", "ne", 3, false],
  ["text", "gt", 1, false],
  ["b", "in", ["a", "b"], true],
  ["b", "in", "b", false],
  [["a", "1"], "contains", 1, true],
  ["abc", "contains", "bc", true],
  [{ key: 1 }, "contains", "key", true],
  [7, "contains", 7, false],
  ["exit code 137", "matches", "13[0-9]$", true],
  [{ a: 1 }, "eq", { a: 1 }, true],
  [false, "exists", undefined, true],
];

describe("satisfies", () => {
  it.each(cases)("%j %s %j is %s", (actual, op, expected, holds) => {
    expect(satisfies(actual, op, expected)).toBe(holds);
  });

  it("lets an absent value satisfy nothing but absent", () => {
    for (const op of operators) expect(satisfies(undefined, op, undefined), op).toBe(op === "absent");
    expect(satisfies(0, "absent", undefined)).toBe(false);
  });
});
