import { readdir, readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

const src = resolve(import.meta.dirname, "../../src");

/** Who makes sandboxes, who gets what that takes, and the one choice between scenarios. */
const mayCompare = /^(sandbox|setup)\/|^scenario\/open-scenario\.ts$/;

const comparison = /[!=]==?\s*"(kind|docker)"|"(kind|docker)"\s*[!=]==?|case "(kind|docker)":|\bprovider\s*[!=]==?/;

it("asks sandboxes what they have, and compares the names of their providers nowhere else", async () => {
  const names = (await readdir(src, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(names.map((name) => readFile(join(src, name), "utf8")));
  const found = names.flatMap((name, at) =>
    (texts[at] ?? "").split("\n").flatMap((line, index) => (comparison.test(line) ? [`${name}:${index + 1}`] : [])),
  );
  expect(found.length).toBeGreaterThan(0);
  expect(found.filter((place) => !mayCompare.test(place))).toEqual([]);
});
