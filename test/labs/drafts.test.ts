import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { inspectLab } from "../../src/lab/load.ts";
import { problemText } from "../../src/lab/problem.ts";

const drafts = fileURLToPath(new URL("../../labs/drafts", import.meta.url));
const names = readdirSync(drafts).filter((name) => existsSync(join(drafts, name, "lab.yaml")));

it.each(names)("draft %s breaks no rule, and claims no proof", async (name) => {
  const dir = join(drafts, name);
  const { problems } = await inspectLab(dir);
  const errors = problems.filter((found) => found.severity === "error");
  expect(errors.map((found) => problemText(found, `labs/drafts/${name}/`))).toEqual([]);
  expect(existsSync(join(dir, "proof.json"))).toBe(false);
});
