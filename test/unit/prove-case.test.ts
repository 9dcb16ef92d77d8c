import { expect, test } from "vitest";
import type { Script } from "../../src/lab/lab.ts";
import type { ProofCase } from "../../src/prove/plan.ts";
import { type CaseTools, type SymptomTimes, runCase } from "../../src/prove/run-case.ts";
import { verified } from "../fakes/verified.ts";
import type { CheckResult } from "../../src/verify/verify-context.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeLab } from "../fakes/lab.ts";

const lab = fakeLab({ variants: [{ id: "main", fault: [], fails: ["up"] }] });
const symptomTookMs = 40_000;

/**
 * A lab whose symptom shows 40 s after the fault and stays, unless a script takes it away. `script`: what running one does; `outcomes`: what
 * verify sees after it.
 */
function scene(
  outcomes: Readonly<Record<string, CheckResult["outcome"]>>,
  script: "repairs" | "does nothing" = "repairs",
) {
  const clock = fakeClock();
  const sleep = (ms: number) => clock.sleep(ms, new AbortController().signal);
  let brokenAt: number | undefined;
  const told: string[] = [];
  const tools: CaseTools = {
    clock,
    lay: async (variant, symptom) => {
      told.push(`lay ${variant}${symptom ? " until the symptom shows" : ""}`);
      brokenAt = clock.elapsed();
      if (symptom) await sleep(symptomTookMs);
      return symptom ? symptomTookMs : 0;
    },
    runScript: async ({ name }) => {
      told.push(name);
      if (script === "repairs") brokenAt = undefined;
    },
    symptomLasts: async () => brokenAt !== undefined && clock.elapsed() - brokenAt >= symptomTookMs,
    sleep,
    verify: async (enough) => {
      const result = verified(outcomes);
      told.push(`verify, ${enough(result.results) ? "and stop there" : "all of it"}`);
      return result;
    },
    leaks: async () => "a container",
  };
  const run = (proofCase: ProofCase, times: SymptomTimes = new Map()) => runCase(tools, lab, proofCase, times);
  return { run, told, tools, clock };
}

function scripted(kind: Script["kind"], caughtBy: string[] = []): ProofCase {
  const script = { kind, name: "a.sh", path: "/opt/a.sh", variants: [], caughtBy };
  return { kind, name: kind, variant: "main", script };
}

const broken: ProofCase = { kind: "broken", name: "broken", variant: "main" };
const seenBefore = (): SymptomTimes => new Map([["main", symptomTookMs]]);

test("broken: the symptom shows, exactly what is declared fails, and the symptom is still there after it", async () => {
  const { run, told } = scene({ up: "fail" });
  const times: SymptomTimes = new Map();
  expect(await run(broken, times)).toBe("");
  expect(told).toEqual(["lay main until the symptom shows", "verify, all of it"]);
  expect(times).toEqual(seenBefore());
  expect(await scene({ up: "fail", other: "fail" }).run(broken)).toContain("fails for another reason too");
});

test("broken: a symptom that goes by itself makes every script look like a repair", async () => {
  const { tools } = scene({ up: "fail" });
  const heals = { ...tools, symptomLasts: async () => false };
  expect(await runCase(heals, lab, broken, new Map())).toContain("the symptom went by itself");
  expect(await runCase(heals, lab, { ...broken, kind: "reset" }, new Map())).toContain("the symptom went by itself");
});

test("a fix is accepted whole, and the symptom is gone after it", async () => {
  const { run, told } = scene({ up: "pass" });
  expect(await run(scripted("fix"), seenBefore())).toBe("");
  expect(told).toEqual(["lay main", "a.sh", "verify, all of it"]);
  expect(await scene({ up: "fail" }).run(scripted("fix"), seenBefore())).toBe("refused: up fail: saw fail");
  const still = scene({ up: "pass" }, "does nothing");
  expect(await still.run(scripted("fix"))).toBe("accepted, and the symptom is still there");
});

test("a fix of a folder counts by what verify builds from it, whatever still runs", async () => {
  const { tools } = scene({ up: "pass" }, "does nothing");
  const web = { name: "web", part: "base", image: "web", build: "workspace", env: {}, args: [] } as const;
  const built = fakeLab({ ...lab, containers: [web] });
  expect(await runCase(tools, built, scripted("fix"), new Map())).toBe("");
});

test("a bypass is refused by what it declares, and the verify ends there", async () => {
  const { run, told } = scene({ up: "fail" });
  expect(await run(scripted("bypass", ["up"]), seenBefore())).toBe("");
  expect(told.at(-1)).toBe("verify, and stop there");
  expect(await scene({ up: "pass" }).run(scripted("bypass", ["up"]), seenBefore())).toContain("it is a shortcut");
  expect(await scene({ up: "fail", b: "pass" }).run(scripted("bypass", ["b"]))).toContain(
    "fails for another reason too",
  );
});

test.each([
  ["as the first case of its variant", new Map<string, number>()],
  ["after a case that has seen the symptom", seenBefore()],
])("a bypass that does nothing does not hold, %s", async (_when, times) => {
  // Its declaration is what the lab fails anyway, so that only the symptom can tell.
  const { run, told } = scene({ up: "fail" }, "does nothing");
  expect(await run(scripted("bypass", ["up"]), times)).toBe("the symptom is still there, so this is no bypass");
  expect(told.some((text) => text.startsWith("verify"))).toBe(false);
});

test("a symptom that was seen before is waited for as long as it took, and no longer", async () => {
  const { run, clock } = scene({ up: "fail" });
  await run(scripted("bypass", ["up"]), seenBefore());
  expect(clock.elapsed()).toBe(symptomTookMs * 1.25 + 2000);
  const slow = scene({ up: "fail" });
  const tools = { ...slow.tools, runScript: () => slow.tools.sleep(300_000) };
  await runCase(tools, lab, scripted("bypass", ["up"]), seenBefore());
  expect(slow.clock.elapsed()).toBe(300_000);
});

test("an error of the look for the symptom is an error of the case, not relief", async () => {
  const { tools } = scene({ up: "fail" });
  const blind = { ...tools, symptomLasts: () => Promise.reject(new Error("the API server is away")) };
  for (const kind of ["fix", "bypass"] as const) {
    const run = runCase({ ...blind, verify: async () => verified({ up: "pass" }) }, lab, scripted(kind), new Map());
    await expect(run).rejects.toThrow("the API server is away");
  }
});

test("leaks tells what was left", async () => {
  expect(await scene({}).run({ kind: "leaks", name: "leaks", variant: "main" })).toBe("a container");
});
