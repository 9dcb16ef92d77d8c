import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { vocabulary } from "../../src/flows/vocabulary.ts";
import { readEngineParts } from "../../src/lab/proof.ts";

it("the build leaves a digest for every part that a lab can rest on", async () => {
  const parts = await readEngineParts(fileURLToPath(new URL("../../dist/engine.json", import.meta.url)));
  const members = [
    ...vocabulary.checks.map(({ name }) => `check ${name}`),
    ...vocabulary.actions.map(({ name }) => `action ${name}`),
  ];
  expect(Object.keys(parts).toSorted()).toEqual(["core", "kind", "docker", ...members].toSorted());
  for (const digest of Object.values(parts)) expect(digest).toMatch(/^[0-9a-f]{16}$/);
  // What one action alone imports is not in the others.
  expect(parts["action roll"]).not.toBe(parts["action drain"]);
});
