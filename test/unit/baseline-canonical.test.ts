import { expect, it } from "vitest";
import { digestOf, sameJson } from "../../src/sandbox/baseline/canonical.ts";

const value = {
  b: [1, undefined, null, { z: -0, y: 1e21 }],
  a: { "10": "x", "9": undefined, é: 'say "\u2028<&>"\n', Z: Number.NaN },
  many: Object.fromEntries(Array.from({ length: 250 }, (_, index) => [`key${(index * 7) % 250}`, index])),
};

it("gives the digests that stored baselines hold", () => {
  expect(digestOf(value)).toBe("ee2aad517711dd86f29d3b4b81fc309c3e7469b9d43a10b189aa830c6d961e2b");
  expect(digestOf(undefined)).toBe(digestOf(null));
  expect(digestOf("text")).toBe("1e1d0f251d3a76fa2b1bfc81164078572623403887db02988b504b0492e9f076");
});

it("compares JSON whatever the order of keys", () => {
  expect(sameJson({ a: 1, b: { c: 2, d: [3] } }, { b: { d: [3], c: 2 }, a: 1 })).toBe(true);
  expect(sameJson({ a: 1, b: undefined }, { a: 1 })).toBe(true);
  expect(sameJson([1, 2], [2, 1])).toBe(false);
});
