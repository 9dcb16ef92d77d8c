import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../src/verify/verify-context.ts";
import { verified } from "../fakes/verified.ts";
import { differences, dockerInventory, hostInventory, kubeInventory } from "../../src/prove/inventory.ts";
import { judgeBroken, judgeBypass, judgeFix } from "../../src/prove/judge.ts";
import { planCases } from "../../src/prove/plan.ts";
import { worthOf } from "../../src/prove/record.ts";
import { type CaseResult, caseRow, proofJunit, proofSummary } from "../../src/report/proof-text.ts";
import type { Script } from "../../src/lab/lab.ts";
import { endSession, saveSession } from "../../src/session/store.ts";
import { fakeLab } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

function script(kind: Script["kind"], name: string, variants: string[] = []): Script {
  return { kind, name, variants, path: `/opt/${name}.sh`, caughtBy: [] };
}

describe("the cases of a lab", () => {
  it("are broken, each script, then reset and leaks", () => {
    const lab = fakeLab({ scripts: [script("fix", "budget"), script("bypass", "no-budget")] });
    expect(planCases(lab).map(({ name }) => name)).toEqual([
      "broken",
      "fix:budget",
      "bypass:no-budget",
      "reset",
      "leaks",
    ]);
  });

  it("are per variant where there are several, scripts only where they belong", () => {
    const variants = ["absolute", "percent"].map((id) => ({ id, fault: [], fails: [] }));
    const lab = fakeLab({ variants, scripts: [script("fix", "any"), script("fix", "one", ["percent"])] });
    expect(planCases(lab).map(({ name, variant }) => `${name} ${variant}`)).toEqual([
      "broken@absolute absolute",
      "fix:any@absolute absolute",
      "broken@percent percent",
      "fix:any@percent percent",
      "fix:one@percent percent",
      "reset percent",
      "leaks percent",
    ]);
  });
});

describe("a case holds", () => {
  it.each<[string, Record<string, CheckResult["outcome"]>, string]>([
    ["exactly the declared checks fail", { drains: "fail", kept: "pass", loss: "not run" }, ""],
    ["another fails too", { drains: "fail", kept: "fail" }, "fails for another reason too: kept fail: saw fail"],
    ["a declared one passes", { drains: "pass", kept: "pass" }, "should fail and does not: drains pass: saw pass"],
    ["a declared one was not run", { drains: "not run" }, "should fail and does not: drains not run: saw not run"],
    ["nobody could look", { drains: "fail", kept: "error" }, "could not look: kept error: saw error"],
  ])("when broken: %s", (_when, outcomes, problem) => {
    expect(judgeBroken(verified(outcomes), ["drains"])).toBe(problem);
  });

  it("for a fix that is accepted whole", () => {
    expect(judgeFix(verified({ drains: "pass" }))).toBe("");
    expect(judgeFix(verified({ a: "pass", b: "error", c: "not run" }))).toBe(
      "refused: b error: saw error; c not run: saw not run",
    );
  });

  it("for a bypass that is refused by what it declares", () => {
    expect(judgeBypass(verified({ kept: "fail", drains: "not run" }), ["kept"])).toBe("");
    expect(judgeBypass(verified({ kept: "pass" }), ["kept"])).toBe("accepted, and it is a shortcut");
    expect(judgeBypass(verified({ kept: "pass", drains: "fail" }), ["kept"])).toContain("another reason");
    expect(judgeBypass(verified({ kept: "error" }), ["kept"])).toContain("could not look");
  });
});

describe("what is left behind", () => {
  it("shows both ways", () => {
    expect(differences(new Set(["network a", "image b"]), new Set(["image b", "volume c"]))).toEqual([
      "left behind: volume c",
      "missing: network a",
    ]);
    expect(differences(new Set(["image b"]), new Set(["image b"]))).toEqual([]);
  });

  it("is listed by docker itself, all kinds of it", async () => {
    const asked: string[] = [];
    const rt = fakeRuntime({
      exec: async (argv) => {
        asked.push(argv.slice(0, 2).join(" "));
        // Set-up's own images have its label.
        const setUp = argv.some((arg) => arg.startsWith("label=dev.labs.recipe"));
        const all = argv.includes("reference=labs/*") && !setUp;
        const stdout = all ? "set-up\nimages-1\n" : `${argv[1]}-1\n\n`;
        return { exitCode: 0, stdout: setUp ? "set-up\n" : stdout, stderr: "" };
      },
    });
    const found = await dockerInventory(rt, "labs-abc123");
    expect(new Set(asked)).toEqual(new Set(["docker ps", "docker network", "docker volume", "docker images"]));
    expect([...found].sort()).toEqual(["container ps-1", "image images-1", "network network-1", "volume volume-1"]);
  });

  it("is nothing in a cluster that is none, and no file of a home that is none", async () => {
    const rt = fakeRuntime({ host: { ...fakeRuntime().host, pid: 2 ** 22 + 7 } });
    expect(await kubeInventory(rt, fakeDockerSandbox(), fakeSession())).toEqual(new Set());
    expect(await hostInventory(rt, true)).toEqual(new Set());
  });

  it("knows a session that was left from the word that none runs", async () => {
    const { rt } = await runtimeAtHome();
    await saveSession(rt, fakeSession());
    expect(await hostInventory(rt, false)).toEqual(new Set(["file session.json"]));
    await endSession(rt);
    expect(await hostInventory(rt, false)).toEqual(new Set());
    await writeFile(join(rt.paths.home, "session.json"), "{");
    expect(await hostInventory(rt, false)).toEqual(new Set(["file session.json"]));
  });
});

describe("a proof's report", () => {
  const results = [
    { lab: "pdb", name: "broken", passed: true, problem: "", seconds: 61.04 },
    { lab: "pdb", name: "fix:<a>", passed: false, problem: 'refused: "b"', seconds: 5 },
    { lab: "dns", name: "broken", passed: true, problem: "", seconds: 70 },
    { lab: "dns", name: "leaks", passed: true, problem: "", seconds: 4 },
  ];

  it("has a row a case, with the reason when it does not hold", () => {
    expect(results.slice(0, 2).map(caseRow)).toEqual([
      "✓    61.0 s  pdb  broken\n",
      '✗     5.0 s  pdb  fix:<a>\n      refused: "b"\n',
    ]);
  });

  it("ends with totals, the slowest and what does not hold", () => {
    expect(proofSummary(results)).toBe(
      [
        "3 of 4 cases hold, 140 s",
        "slowest: dns broken 70 s, pdb broken 61 s, pdb fix:<a> 5 s",
        '✗ pdb fix:<a>: refused: "b"',
        "",
      ].join("\n"),
    );
  });

  it("tells where the time went", () => {
    const timed = results.map((result) => ({ ...result, stages: { "Run the script": 1, "Verify: experiments": 9.5 } }));
    expect(proofSummary(timed)).toContain("longest parts: Verify: experiments 38 s, Run the script 4 s\n");
  });

  it("is JUnit with a suite a lab, escaped", () => {
    const xml = proofJunit(results);
    expect(xml).toContain('<testsuite name="pdb" tests="2" failures="1"');
    expect(xml).toContain('<testsuite name="dns" tests="2" failures="0"');
    expect(xml).toContain('name="fix:&lt;a&gt;"');
    expect(xml).toContain('<failure message="refused: &quot;b&quot;"');
  });
});

function ran(name: string, parts: Partial<CaseResult> = {}): CaseResult {
  return { lab: "pdb", name, passed: true, problem: "", seconds: 1, ...parts };
}

describe("what is recorded", () => {
  const earlier = ran("reset", { earlier: true });
  const lab = fakeLab({ scripts: [script("fix", "mend")] });
  const whole = ["broken", "fix:mend", "leaks"].map((name) => ran(name));

  it.each([
    ["every case", [...whole, ran("reset")], "pass", ""],
    ["some cases now, the others in the proof before", [...whole, earlier], "pass", ""],
    ["a case that failed", [...whole, ran("reset", { passed: false })], "nothing", "a case does not hold"],
    ["broken and the fix", whole, "look", "a pass also needs reset"],
    ["too few cases", [ran("broken")], "nothing", "a pass also needs fix:mend, reset, leaks"],
    ["nothing but what ran before", [earlier, earlier], "nothing", "no case was run"],
  ])("%s", (_what, results, worth, why) => {
    expect(worthOf(lab, results)).toEqual({ worth, why });
  });

  it("says which cases ran earlier", () => {
    expect(caseRow(earlier)).toBe("✓     1.0 s  pdb  reset (earlier)\n");
  });
});
