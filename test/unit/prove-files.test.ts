import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { vocabulary } from "../../src/flows/vocabulary.ts";
import { engineDigest, readProof, stateOf } from "../../src/lab/proof.ts";
import { partsOf, recordEngine, recordPass } from "../../src/prove/record.ts";
import { readResume, rememberPassed } from "../../src/prove/resume.ts";
import type { CaseResult } from "../../src/report/proof-text.ts";
import { fakeEntry, fakeExperiment, fakeLab } from "../fakes/lab.ts";
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
const pass = (at: string) => ({ at, seconds: 61, cases: 5, sandbox: "docker" });
const ground = (lab: string, engine: string) => ({ lab, engine, parts: ["core", "kind"] });

describe("the record of proofs", () => {
  it("keeps the last whole pass, and the engine that it ran with", async () => {
    expect(await readProof(dir)).toBeUndefined();
    await recordPass(dir, ground("l1", "e1"), pass("1"));
    await recordPass(dir, ground("l2", "e2"), pass("2"));
    const engine = { digest: "e2", parts: ["core", "kind"], at: "2" };
    expect(await readProof(dir)).toEqual({ lab: "l2", pass: pass("2"), engine });
  });

  it("keeps the pass when the lab holds with a newer engine, unless its folder was edited since", async () => {
    expect(await recordEngine(dir, ground("l1", "e1"), "0")).toBe(false);
    await recordPass(dir, ground("l1", "e1"), pass("1"));
    expect(await recordEngine(dir, ground("l1", "e2"), "2")).toBe(true);
    expect(await readProof(dir)).toMatchObject({ pass: { at: "1" }, engine: { digest: "e2", at: "2" } });
    expect(await recordEngine(dir, ground("l2", "e2"), "3")).toBe(false);
    expect(await readProof(dir)).toMatchObject({ lab: "l1", engine: { at: "2" } });
  });

  it("is a file that people review: indented, one newline at the end", async () => {
    await recordPass(dir, ground("l1", "e1"), pass("1"));
    expect(await readFile(join(dir, "proof.json"), "utf8")).toMatch(/^\{\n {2}"lab": "l1",\n[^]*\}\n$/);
  });

  it.each(["", "{", "{}", '{"lab":"l1","shared":"s1","passes":[]}', '{"lab":"l1","pass":{"at":"1"}}', "[]"])(
    "is no record when it says %j, and the file is named",
    async (text) => {
      await writeFile(join(dir, "proof.json"), text);
      await expect(readProof(dir)).rejects.toThrow(`${join(dir, "proof.json")} is no record of a proof`);
    },
  );

  it("of 0.1 counts its last pass, with an engine that nobody knows", async () => {
    await writeFile(
      join(dir, "proof.json"),
      JSON.stringify({ lab: "l1", shared: "s", passes: [pass("1"), pass("2")] }),
    );
    expect(await readProof(dir)).toEqual({ lab: "l1", pass: pass("2") });
  });
});

describe("what a record says", () => {
  const engine = { core: "c1", kind: "k1", docker: "d1", "check http": "h1" };
  const parts = ["core", "kind", "check http"];
  const proof = { lab: "l1", pass: pass("1"), engine: { digest: engineDigest(engine, parts), parts, at: "1" } };

  it.each([
    ["proven", "l1", engine],
    ["proven", "l1", { ...engine, docker: "d2", "check logs": "new" }],
    ["due", "l1", { ...engine, core: "c2" }],
    ["due", "l1", { ...engine, "check http": "h2" }],
    ["due", "l1", {}],
    ["stale", "l2", engine],
  ] as const)("%s for folder %s and this engine", (state, lab, now) => {
    expect(stateOf(proof, lab, now)).toBe(state);
  });

  it("- without a record, due with one of 0.1", () => {
    expect(stateOf(undefined, "l1", engine)).toBe("-");
    expect(stateOf({ lab: "l1", pass: pass("1") }, "l1", engine)).toBe("due");
  });

  it("a lab rests on the core, its provider, its checks with those inside of them, and its actions", () => {
    const check = {
      type: "all",
      checks: [
        { type: "http", to: "service/web" },
        { type: "none", checks: [{ type: "logs" }] },
      ],
    };
    const experiments = [
      fakeExperiment("roll", [fakeEntry("lost", { type: "traffic" })], {
        do: [{ name: "roll", params: {} }],
        with: [{ name: "load", params: {} }],
        control: { name: "clone", params: {} },
      }),
    ];
    const lab = fakeLab({
      symptom: [fakeEntry("seen", { type: "pods" })],
      objectives: [fakeEntry("up", check)],
      experiments,
    });
    expect(partsOf(lab, vocabulary)).toEqual(
      ["core", "kind", "check pods", "check all", "check http", "check none", "check logs", "check traffic"]
        .concat(["action roll", "action load", "action clone"])
        .toSorted(),
    );
  });
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
