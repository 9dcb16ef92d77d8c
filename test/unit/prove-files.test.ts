import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readProof, recordPass } from "../../src/prove/proof-file.ts";
import { readResume, rememberPassed } from "../../src/prove/resume.ts";
import { sharedDigest } from "../../src/prove/shared-digest.ts";
import type { CaseResult } from "../../src/report/proof-text.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-proof-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const rt = () => {
  const fake = fakeRuntime();
  return { ...fake, paths: { ...fake.paths, home: dir } };
};
const put = async (name: string, text: string) => {
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), text);
};
const digest = () => sharedDigest({ goApp: join(dir, "go-app") });
const pass = (at: string) => ({ at, seconds: 61, cases: 5, sandbox: "docker" });
const times = async () => (await readProof(dir))?.passes.map(({ at }) => at);

describe("the record of proofs", () => {
  it("keeps the last three passes at one digest, and counts them", async () => {
    expect(await readProof(dir)).toBeUndefined();
    const counts: number[] = [];
    for (const at of ["1", "2", "3", "4"]) counts.push(await recordPass(dir, { lab: "l1", shared: "s1" }, pass(at)));
    expect(counts).toEqual([1, 2, 3, 3]);
    expect(await times()).toEqual(["2", "3", "4"]);
  });

  it("starts anew when the lab was edited, goes on when only shared parts were", async () => {
    await recordPass(dir, { lab: "l1", shared: "s1" }, pass("1"));
    expect(await recordPass(dir, { lab: "l1", shared: "s2" }, pass("2"))).toBe(2);
    expect(await readProof(dir)).toMatchObject({ shared: "s2" });
    expect(await recordPass(dir, { lab: "l2", shared: "s2" }, pass("3"))).toBe(1);
    expect(await times()).toEqual(["3"]);
  });

  it("is a file that people review: indented, one newline at the end", async () => {
    await recordPass(dir, { lab: "l1", shared: "s1" }, pass("1"));
    expect(await readFile(join(dir, "proof.json"), "utf8")).toMatch(/^\{\n {2}"lab": "l1",\n[^]*\}\n$/);
  });

  it.each(["", "{", "{}", '{"lab":"l1","shared":"s1","passes":[],"by":"hand"}'])(
    "is no record when it says %j",
    async (text) => {
      await writeFile(join(dir, "proof.json"), text);
      await expect(readProof(dir)).rejects.toThrow(/./);
    },
  );
});

describe("an interrupted proof", () => {
  const broken: CaseResult = { lab: "pdb", name: "broken", passed: true, problem: "", seconds: 12.3 };

  it("goes on after the cases that passed at the same digests", async () => {
    expect(await readResume(rt(), "pdb", "d")).toEqual([]);
    await rememberPassed(rt(), "pdb", "d", [broken]);
    const earlier = [{ ...broken, earlier: true as const }];
    expect(await readResume(rt(), "pdb", "d")).toEqual(earlier);
    await rememberPassed(rt(), "pdb", "d", earlier);
    expect(await readResume(rt(), "pdb", "d")).toEqual(earlier);
    expect(await readResume(rt(), "pdb", "e")).toEqual([]);
    expect(await readResume(rt(), "probes", "d")).toEqual([]);
    expect((await stat(join(dir, "pdb.passed.json"))).mode & 0o777).toBe(0o600);
  });

  it("starts anew when the file was cut short", async () => {
    await writeFile(join(dir, "pdb.passed.json"), '{"digests":"d","resul');
    expect(await readResume(rt(), "pdb", "d")).toEqual([]);
  });
});

describe("the digest of what labs share", () => {
  it.each([
    ["the sample service", "go-app/main.go"],
    ["a manifest", "manifests/agent/agent.yaml"],
    ["a check", "src/checks/types/http.ts"],
    ["an action", "src/experiments/actions/roll.ts"],
    ["a reading", "src/system/pod.ts"],
  ])("changes with %s, its content and its name", async (_what, name) => {
    const seen = [await digest()];
    await put(name, "one");
    seen.push(await digest());
    await put(name, "two");
    seen.push(await digest());
    await rm(join(dir, name));
    await put(`${name}.md`, "two");
    seen.push(await digest());
    expect(new Set(seen).size).toBe(4);
  });

  it("does not change with what is built, nor with the rest of the program", async () => {
    await put("go-app/main.go", "package main");
    const before = await digest();
    await put("go-app/prebuilt/app-linux-amd64", "binary");
    await put("manifests/node_modules/x/index.js", "x");
    await put("src/report/table.ts", "x");
    expect(await digest()).toBe(before);
  });
});
