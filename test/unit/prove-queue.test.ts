import { EventEmitter, once } from "node:events";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Lab } from "../../src/lab/lab.ts";
import { chooseCases, chooseChanged, chooseDue, chooseSample } from "../../src/prove/choose.ts";
import { recordPass } from "../../src/prove/proof-file.ts";
import { proveQueue, type QueueOptions } from "../../src/prove/prove-queue.ts";
import type { Runtime } from "../../src/runtime.ts";
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
  shared: "s",
  resume: false,
  until: Infinity,
  onLab: async () => undefined,
  ...parts,
});

test("one job proves labs in order, alone in one home", async () => {
  const { run, seen } = prover();
  const results = await proveQueue(runtime(), chooseCases(labs("a", "b"), undefined), options({ run }));
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
  const chosen = chooseCases(labs("a", "b", "c"), undefined);
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
  const [first, ...others] = chooseCases([...measuring, ...labs("a", "b")], ["leaks"]);
  if (first === undefined) throw new Error("four labs");
  await proveQueue(runtime(), [first, ...others], options({ run, jobs: 2 }));
  expect(seen.slice(2).map(({ lab, alone }) => [lab, alone])).toEqual([
    ["m", true],
    ["n", true],
  ]);
});

test("a proof that goes on does reset again where leaks are left: they are looked for after a case", async () => {
  const first = prover();
  const chosen = chooseCases(labs("a"), undefined);
  await proveQueue(runtime(), chooseCases(labs("a"), ["broken", "reset"]), options({ run: first.run }));
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
  const chosen = chooseCases(labs("a", "b", "c", "d"), undefined);
  await expect(proveQueue(runtime(), chosen, options({ run: failing, jobs: 2 }))).rejects.toThrow("no engine");
  expect(seen.map(({ lab }) => lab)).toEqual(["b"]);
});

test("changed labs are those with too few passes at their digest; a sample is of all, the oldest proof first", async () => {
  const [proven, fresh] = labs("proven", "fresh");
  if (proven === undefined || fresh === undefined) throw new Error("two labs");
  for (const lab of [proven, fresh]) await mkdir(lab.dir);
  for (const at of ["1", "2", "3"]) {
    const pass = { at, seconds: 1, cases: 3, sandbox: "docker" };
    await recordPass(proven.dir, { lab: proven.digest, shared: "s" }, pass);
  }
  expect((await chooseChanged([proven, fresh])).map(({ lab }) => lab.id)).toEqual(["fresh"]);
  const sampled = await chooseSample([proven, fresh], 0);
  expect(sampled.map(({ lab, cases }) => [lab.id, cases.map(({ name }) => name)])).toEqual([
    ["fresh", ["broken", "leaks"]],
    ["proven", ["broken", "leaks"]],
  ]);
});

test("due are edited labs first, then those whose checks were edited, from another place at each turn", async () => {
  const scripts = [{ kind: "fix", name: "mend", path: "", variants: [], caughtBy: [] } as const];
  const all = ["edited", "old", "older", "current"].map((id) => fakeLab({ id, dir: join(dir, id), scripts }));
  for (const { dir: folder, id, digest } of all) {
    await mkdir(folder);
    const [lab, shared] = [id === "edited" ? "another" : digest, id === "current" ? "s" : "before"];
    for (const at of ["1", "2", id === "older" ? "3" : "4"]) {
      await recordPass(folder, { lab, shared }, { at, seconds: 1, cases: 3, sandbox: "docker" });
    }
  }
  const order = async (turn: number) =>
    (await chooseDue(all, "s", turn)).map(({ lab, cases }) => [lab.id, ...cases.map(({ name }) => name)].join(" "));
  expect(await order(0)).toEqual([
    "edited broken fix:mend reset leaks",
    "older broken fix:mend reset leaks",
    "old broken fix:mend reset leaks",
    "current broken fix:mend leaks",
  ]);
  expect(await order(1)).toEqual([
    "edited broken fix:mend reset leaks",
    "old fix:mend broken reset leaks",
    "older fix:mend broken reset leaks",
    "current broken fix:mend leaks",
  ]);
});
