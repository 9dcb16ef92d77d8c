import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { inspectLab } from "../../src/flows/load.ts";
import { problemText } from "../../src/lab/problem.ts";
import { writeWorkedExample } from "../fakes/worked-example.ts";

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-example-"));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

it("the worked example of the author's guide is a whole lab without a problem", async () => {
  expect(await writeWorkedExample(dir)).toEqual([
    "lab.yaml",
    "README.md",
    "debrief.md",
    "fixes/port.sh",
    "bypasses/no-limit.sh",
    "bypasses/deaf.sh",
  ]);
  const { problems } = await inspectLab(dir);
  expect(problems.map((found) => problemText(found, ""))).toEqual([]);
});
