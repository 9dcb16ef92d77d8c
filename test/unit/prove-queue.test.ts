import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Lab, Script } from "../../src/lab/lab.ts";
import { chooseCases, chooseChanged, chooseDue, chooseSample } from "../../src/prove/choose.ts";
import { type Ground, recordPass } from "../../src/prove/record.ts";
import { proveQueue, type QueueOptions } from "../../src/prove/prove-queue.ts";
import type { Runtime } from "../../src/runtime.ts";
import { engineDigest } from "../../src/lab/proof.ts";
import { coversOwed, missingForPass, owedCases, passCases } from "../../src/prove/plan.ts";
import { fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-queue-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

function runtime(): Runtime {
  const rt = fakeRuntime();
  return { ...rt, host: { ...rt.host, pid: process.pid }, paths: { ...rt.paths, home: dir } };
}

const labs = (...ids: string[]): Lab[] => ids.map((id) => fakeLab({ id, dir: join(dir, id) }));

/** A prover whose cases all pass, noting who was proven where, and how many ran at once at the most. */
function prover() {
  const seen: { lab: string; home: string; alone: boolean; cases: string[] }[] = [];
  let running = 0;
  let most = 0;
  const run: NonNullable<QueueOptions["run"]> = async (rt, lab, { cases, alone, onEnd }) => {
    running += 1;
    most = Math.max(most, running);
    seen.push({ lab: lab.id, home: rt.paths.home, alone, cases: cases.map(({ name }) => name) });
    for (const { name } of cases) await onEnd({ lab: lab.id, name, passed: true, problem: "", seconds: 1 });
    running -= 1;
    return [];
  };
  return { run, seen, most: () => most };
}

const options = (parts: Partial<QueueOptions> = {}): QueueOptions => ({
  jobs: 1,
  groundOf: ({ digest }) => ({ lab: digest, parts: [], engine: "e" }),
  resume: false,
  until: Infinity,
  onLab: async () => undefined,
  ...parts,
});

test("one job proves labs in order, alone in one home", async () => {
  const { run, seen } = prover();
  const results = await proveQueue(runtime(), chooseCases(labs("a", "b"), undefined, 0), options({ run }));
  expect(seen.map(({ lab, home, alone }) => [lab, home, alone])).toEqual([
    ["a", join(dir, "prove"), true],
    ["b", join(dir, "prove"), true],
  ]);
  expect(results.map(({ lab, name }) => `${lab} ${name}`)).toEqual([
    "a broken",
    "a reset",
    "a leaks",
    "b broken",
    "b reset",
    "b leaks",
  ]);
});

test("two jobs work side by side in homes of their own, and remember in one place", async () => {
  const { run, seen, most } = prover();
  const chosen = chooseCases(labs("a", "b", "c"), undefined, 0);
  await proveQueue(runtime(), chosen, options({ run, jobs: 2 }));
  expect(most()).toBe(2);
  expect(new Set(seen.map(({ home }) => home))).toEqual(new Set([join(dir, "prove"), join(dir, "prove-2")]));
  expect(seen.some(({ alone }) => alone)).toBe(false);
  expect((await readdir(join(dir, "prove"))).sort()).toEqual([
    ".labs",
    "a.passed.json",
    "b.passed.json",
    "c.passed.json",
  ]);
  const again = prover();
  const results = await proveQueue(runtime(), chosen, options({ run: again.run, jobs: 2, resume: true }));
  expect(again.seen.flatMap(({ cases }) => cases)).toEqual([]);
  expect(results).toHaveLength(9);
});

test("labs that measure come last, one by one, however many jobs there are", async () => {
  const { run, seen } = prover();
  const load = { name: "load", params: {} };
  const experiments = [fakeExperiment("steady", [], { do: [load] })];
  const measuring = ["m", "n"].map((id) => fakeLab({ id, dir: join(dir, id), experiments }));
  const [first, ...others] = chooseCases([...measuring, ...labs("a", "b")], ["leaks"], 0);
  if (first === undefined) throw new Error("four labs");
  await proveQueue(runtime(), [first, ...others], options({ run, jobs: 2 }));
  expect(seen.slice(2).map(({ lab, alone }) => [lab, alone])).toEqual([
    ["m", true],
    ["n", true],
  ]);
});

test("a proof that goes on does reset again where leaks are left: they are looked for after a case", async () => {
  const first = prover();
  const chosen = chooseCases(labs("a"), undefined, 0);
  await proveQueue(runtime(), chooseCases(labs("a"), ["broken", "reset"], 0), options({ run: first.run }));
  const again = prover();
  await proveQueue(runtime(), chosen, options({ run: again.run, resume: true }));
  expect(again.seen.flatMap(({ cases }) => cases)).toEqual(["reset", "leaks"]);
});

test("an error ends the queue, once every prover is through with its lab", async () => {
  const { run, seen } = prover();
  const told = new EventEmitter();
  const failed = once(told, "failed");
  const begun = once(told, "begun");
  const failing: typeof run = async (rt, lab, given) => {
    if (lab.id === "a") {
      await begun;
      told.emit("failed");
      throw new Error("no engine");
    }
    // The other prover is still at its lab when the error comes.
    told.emit("begun");
    await failed;
    await setTimeout(50);
    return run(rt, lab, given);
  };
  const chosen = chooseCases(labs("a", "b", "c", "d"), undefined, 0);
  await expect(proveQueue(runtime(), chosen, options({ run: failing, jobs: 2 }))).rejects.toThrow("no engine");
  expect(seen.map(({ lab }) => lab)).toEqual(["b"]);
});

function script(kind: "fix" | "bypass", name: string, variants: string[] = []): Script {
  return { kind, name, path: "", variants, caughtBy: [] };
}

const engine = { core: "c2", kind: "k", docker: "d" };

async function proven(lab: Lab, at: string, parts: Partial<Ground> = {}): Promise<void> {
  await mkdir(lab.dir, { recursive: true });
  const names = ["core", "kind"];
  const ground = { lab: lab.digest, parts: names, engine: engineDigest(engine, names), ...parts };
  await recordPass(lab.dir, ground, { at, seconds: 1, cases: 3, sandbox: "docker" });
}

test("changed labs are those without a pass at their digest; a sample is of all, the oldest look first", async () => {
  const [old, fresh] = labs("old", "fresh");
  if (old === undefined || fresh === undefined) throw new Error("two labs");
  await proven(old, "1");
  expect((await chooseChanged([old, fresh], engine, 0)).map(({ lab }) => lab.id)).toEqual(["fresh"]);
  const sampled = await chooseSample([old, fresh], engine, 0);
  expect(sampled.map(({ lab, cases }) => [lab.id, cases.map(({ name }) => name)])).toEqual([
    ["fresh", ["broken", "leaks"]],
    ["old", ["broken", "leaks"]],
  ]);
});

test("due: edited labs whole, then what is owed of labs whose engine changed, then a sample of the rest", async () => {
  const scripts = [script("fix", "mend"), script("fix", "swap"), script("bypass", "hide")];
  const all = ["edited", "old", "older", "current"].map((id) => fakeLab({ id, dir: join(dir, id), scripts }));
  for (const lab of all) {
    const { id } = lab;
    await proven(lab, id === "older" ? "3" : "4", {
      ...(id === "edited" ? { lab: "another" } : {}),
      ...(id === "current" ? {} : { engine: "before" }),
    });
  }
  const order = async (turn: number) =>
    (await chooseDue(all, engine, turn)).map(({ lab, cases }) => [lab.id, ...cases.map(({ name }) => name)].join(" "));
  expect(await order(0)).toEqual([
    "edited broken fix:mend fix:swap bypass:hide reset leaks",
    "older broken fix:mend bypass:hide",
    "old broken fix:mend bypass:hide",
    "current broken fix:mend bypass:hide leaks",
  ]);
  expect(await order(1)).toEqual([
    "edited broken fix:mend fix:swap bypass:hide reset leaks",
    "old broken fix:swap bypass:hide",
    "older broken fix:swap bypass:hide",
    "current broken fix:swap bypass:hide leaks",
  ]);
});

test("a bypass that names no variants runs in one of them a pass, in another at each turn", () => {
  const variants = ["x", "y"].map((id) => ({ id, fault: [], fails: [] }));
  const lab = fakeLab({
    variants,
    scripts: [script("bypass", "any"), script("bypass", "other"), script("bypass", "both", ["x", "y"])],
  });
  const bypasses = (turn: number) =>
    passCases(lab, turn)
      .filter(({ kind }) => kind === "bypass")
      .map(({ name }) => name);
  expect(bypasses(0)).toEqual(["bypass:any@x", "bypass:both@x", "bypass:other@y", "bypass:both@y"]);
  expect(bypasses(1)).toEqual(["bypass:other@x", "bypass:both@x", "bypass:any@y", "bypass:both@y"]);
  const names = passCases(lab, 0).map(({ name }) => name);
  expect(missingForPass(lab, names)).toEqual([]);
  expect(missingForPass(lab, names.slice(2))).toEqual(["broken@x", "bypass:any@x", "bypass:any@y"]);
});

test("a look at a due lab counts when every variant was broken, and a fix and a bypass were tried", () => {
  const lab = fakeLab({ scripts: [script("fix", "a"), script("fix", "b"), script("bypass", "c")] });
  const owed = owedCases(lab, 1).map(({ name }) => name);
  expect(owed).toEqual(["broken", "fix:b", "bypass:c"]);
  expect(coversOwed(lab, owed)).toBe(true);
  for (const name of owed)
    expect(
      coversOwed(
        lab,
        owed.filter((other) => other !== name),
      ),
    ).toBe(false);
  expect(coversOwed(fakeLab(), ["broken"])).toBe(true);
});
