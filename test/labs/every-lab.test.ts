import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { labNames } from "../../src/lab/read/catalog.ts";
import { readHeader } from "../../src/lab/read/header.ts";
import { inspectLab, loadLab } from "../../src/flows/load.ts";
import { problemText } from "../../src/lab/problem.ts";
import { proofState } from "../../src/lab/proof.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const library = fileURLToPath(new URL("../../labs", import.meta.url));
const names = readdirSync(library).filter((name) => existsSync(join(library, name, "lab.yaml")));
const base = fakeRuntime();
const rt = { ...base, paths: { ...base.paths, library } };

it("finds every folder with a lab.yaml, without an index", async () => {
  await expect(labNames(rt)).resolves.toEqual(names.sort((a, b) => a.localeCompare(b)));
});

describe.each(names)("%s", (name) => {
  const dir = join(library, name);

  it("breaks no rule", async () => {
    const { problems } = await inspectLab(dir);
    const errors = problems.filter((found) => found.severity === "error");
    expect(errors.map((found) => problemText(found, `labs/${name}/`))).toEqual([]);
  });

  it("is listed as it loads", async () => {
    const { title, summary, level, minutes, topics, topology } = await loadLab(rt, name);
    const workers = topology.provider === "kind" ? { workers: topology.workers } : {};
    await expect(readHeader(dir)).resolves.toEqual({ id: name, title, summary, level, minutes, topics, ...workers });
  });

  it("tells editors of its schema", () => {
    const [first] = readFileSync(join(dir, "lab.yaml"), "utf8").split("\n");
    expect(first).toBe("# yaml-language-server: $schema=../lab.schema.json");
  });

  it("was not changed since it was proven", async () => {
    await expect(proofState(dir, {})).resolves.not.toBe("stale");
  });
});
