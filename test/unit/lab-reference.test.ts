import { expect, it } from "vitest";
import { vocabulary } from "../../src/flows/vocabulary.ts";
import { labReference } from "../../src/lab/format/reference.ts";
import { testWords } from "../fakes/lab-folder.ts";

it("labs/reference.md is what the program knows; `npm run schema` writes it", async () => {
  await expect(labReference(vocabulary)).toMatchFileSnapshot("../../labs/reference.md");
});

it("names every check and action, where it stands, and what it takes", () => {
  const text = labReference(testWords);
  expect(text).toContain(
    "### `finished` (reads an experiment; any sandbox)\n\nEvery action ended in time.\n\nNo parameters.",
  );
  expect(text).toContain("### `roll` (do; needs cluster)");
  expect(text).toContain("### `traffic` (with; any sandbox)");
  expect(text).toContain("- `within` (required) string: A duration: 500ms, 30s, 2m");
  expect(text).toContain("- `op` (required) eq | absent | contains");
});
