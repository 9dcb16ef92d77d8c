import { expect, it } from "vitest";
import { span } from "../../src/lib/text.ts";

it.each([
  [-5, "0 s"],
  [420, "0.4 s"],
  [4000, "4 s"],
  [41_600, "42 s"],
  [119_000, "119 s"],
  [185_000, "3 min 5 s"],
  [600_000, "10 min"],
  [7_199_900, "2 h"],
  [7_800_000, "2 h 10 min"],
  [10_800_000, "3 h"],
])("tells %i ms as %j", (ms, text) => {
  expect(span(ms)).toBe(text);
});
