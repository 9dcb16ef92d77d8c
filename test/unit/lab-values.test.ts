import { describe, expect, it } from "vitest";
import { generateValues, generatorProblem, pickVariant, referencesIn, substitute } from "../../src/lab/values.ts";
import { fakeLab } from "../fakes/lab.ts";

describe("substitution", () => {
  it("replaces names in all strings and leaves the original alone", () => {
    const original = { a: "${x}-${y}", list: [{ b: "${x}" }, 3, null, true], "${x}": "key" };
    expect(substitute(original, { x: "1", y: "2" })).toEqual({
      a: "1-2",
      list: [{ b: "1" }, 3, null, true],
      "${x}": "key",
    });
    expect(original.a).toBe("${x}-${y}");
  });

  it("keeps what is escaped, and a value as it is", () => {
    expect(substitute({ a: "$${x} ${x} $(x) $x" }, { x: "$& ${y}" })).toEqual({ a: "${x} $& ${y} $(x) $x" });
    expect(referencesIn("$${no} ${yes}${too}")).toEqual(["yes", "too"]);
  });

  it.each(["z", "toString", ""])("throws on the unknown name %j", (name) => {
    expect(() => substitute({ a: `\${${name}}` }, { x: "1" })).toThrow(`no value "${name}"`);
  });
});

describe("values", () => {
  const wanted = { a: "random.hex16", b: "random.hex32", n: "random.int(3, 5)", text: "plain" };

  it("are of the kind that was asked for", () => {
    expect(generateValues(wanted, "seed")).toEqual({
      a: expect.stringMatching(/^[0-9a-f]{16}$/),
      b: expect.stringMatching(/^[0-9a-f]{32}$/),
      n: expect.stringMatching(/^[345]$/),
      text: "plain",
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
      session: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
  });

  it("are the same for a seed, and differ between seeds and names", () => {
    expect(generateValues(wanted, "one")).toEqual(generateValues(wanted, "one"));
    expect(generateValues(wanted, "one")["token"]).not.toBe(generateValues(wanted, "two")["token"]);
    const twins = generateValues({ a: "random.hex16", b: "random.hex16" }, "one");
    expect(twins["a"]).not.toBe(twins["b"]);
  });

  it("reach both ends of a range", () => {
    const seen = new Set(Array.from({ length: 200 }, (_, i) => generateValues({ n: "random.int(-1,1)" }, `${i}`)["n"]));
    expect(seen).toEqual(new Set(["-1", "0", "1"]));
  });

  it.each(["random.hex8", "random.int(5,1)", "random.int(1)", "random.uuid"])("refuses %s", (text) => {
    expect(generatorProblem(text)).toContain(text);
  });
});

describe("variants", () => {
  const lab = fakeLab({ variants: ["one", "two", "three"].map((id) => ({ id, fault: [], fails: [] })) });

  it("are picked by seed, each of them by some", () => {
    expect(pickVariant(lab, "s")).toBe(pickVariant(lab, "s"));
    const seen = new Set(Array.from({ length: 60 }, (_, i) => pickVariant(lab, `${i}`).id));
    expect(seen.size).toBe(3);
  });

  it("are taken by name, and an unknown one does not list the others", () => {
    expect(pickVariant(lab, "s", "two").id).toBe("two");
    expect(() => pickVariant(lab, "s", "four")).toThrow(/^lab probes-storm has no variant "four"$/);
  });
});
