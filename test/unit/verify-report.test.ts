import { describe, expect, it } from "vitest";
import type { CheckResult, VerifyResult } from "../../src/verify/verify-context.ts";
import { lookAtText } from "../../src/lib/text.ts";
import { verifyJson } from "../../src/report/verify-json.ts";
import { verifyJunit } from "../../src/report/verify-junit.ts";
import { verifyText } from "../../src/report/verify-text.ts";

const times = { durationMs: 1500, attempts: 1 };

const kept: CheckResult = {
  id: "kept",
  title: "Capacity and protection are kept",
  role: "guard",
  outcome: "pass",
  expected: "kept",
  observed: "all there",
  ...times,
};

const drains: CheckResult = {
  id: "drains",
  title: "Each node drains within a minute",
  role: "objective",
  outcome: "fail",
  expected: "eviction of 2 pods app=checkout from labs-worker accepted within 60 s",
  observed: "429 from poddisruptionbudget/checkout for 60 s: needs 3 healthy pods and has 3",
  lookAt: "kubectl -n shop describe pdb checkout",
  experiment: "node-upgrade",
  ...times,
};

const refuses: CheckResult = {
  ...drains,
  id: "refuses",
  title: "Refuses",
  outcome: "error",
  observed: "API server did not answer within 10 s",
};

const later: CheckResult = {
  ...drains,
  id: "later",
  title: "Nothing is lost",
  outcome: "not run",
  observed: "waits for drains",
};

function resultOf(results: readonly CheckResult[], exitCode: 0 | 1 | 3): VerifyResult {
  return {
    lab: "pdb-deadlock",
    variant: "percent",
    solved: exitCode === 0,
    exitCode,
    results,
    undone: [],
    startedAt: "2026-01-01T00:00:00.000Z",
    durationMs: 61_000,
    windowsMs: 60_000,
  };
}

const plain = { program: "labs", colour: false, kubeconfig: undefined };

describe("verifyText", () => {
  it("prints a line for what passed and four for what did not", () => {
    const text = verifyText(
      resultOf([kept, { ...kept, id: "quota", outcome: "fail" }, drains, refuses, later], 1),
      plain,
    );
    expect(text).toBe(`✓ ok       kept  Capacity and protection are kept
✗ guard    quota  Capacity and protection are kept
    expected  kept
    observed  all there
✗ not yet  drains  Each node drains within a minute
    expected  eviction of 2 pods app=checkout from labs-worker accepted within
              60 s
    observed  429 from poddisruptionbudget/checkout for 60 s: needs 3 healthy
              pods and has 3
    look at   kubectl -n shop describe pdb checkout
! error    refuses  could not be observed (not your fault, not counted): API
    server did not answer within 10 s
- not run  later  Nothing is lost (waits for drains)

Not solved yet: 2 checks do not pass. 1 check could not be observed. labs hint
gives a nudge, labs verify looks again.
`);
  });

  it("ends with the story when it is solved", () => {
    expect(verifyText(resultOf([kept], 0), plain)).toBe(`✓ ok       kept  Capacity and protection are kept

Solved: all 1 check passes. labs solution tells the story behind it, labs stop
cleans up.
`);
  });

  it("gives no verdict when something could not be observed", () => {
    const text = verifyText(resultOf([kept, refuses], 3), { ...plain, program: "npm run labs --" });
    expect(text).toContain("No verdict: 1 check could not be observed. npm run labs -- doctor looks");
  });

  it("keeps its lines within 80 columns, and commands whole", () => {
    const lookAt = `kubectl -n shop get pods -l '${"x".repeat(90)}'`;
    const lines = verifyText(resultOf([{ ...drains, lookAt }, refuses], 1), plain).split("\n");
    expect(lines.filter((line) => line.length > 80)).toEqual([`    look at   ${lookAt}`]);
  });

  it("colours the verdict only when asked", () => {
    expect(verifyText(resultOf([kept], 0), plain)).not.toContain("\u001B");
    expect(verifyText(resultOf([kept], 0), { ...plain, colour: true })).toContain(
      "\u001B[32m✓ ok     \u001B[39m  kept",
    );
  });
});

describe("lookAtText", () => {
  it("tells kubectl our kubeconfig where the shell does not know it", () => {
    expect(lookAtText("kubectl -n shop get pods", "/a/kubeconfig")).toBe(
      "kubectl --kubeconfig /a/kubeconfig -n shop get pods",
    );
    expect(lookAtText("kubectl get pods", "/my home/it's")).toBe(`kubectl --kubeconfig '/my home/it'\\''s' get pods`);
    expect(lookAtText("kubectl get pods", undefined)).toBe("kubectl get pods");
    expect(lookAtText("docker logs x", "/a/kubeconfig")).toBe("docker logs x");
  });
});

describe("verifyJson", () => {
  it("is the result, with a version", () => {
    const result = resultOf([kept], 0);
    expect(JSON.parse(verifyJson(result))).toEqual({ version: 1, ...result });
  });

  it("does not tell the variant before the lab is solved, nor does the JUnit report", () => {
    const { variant, ...told } = resultOf([kept, drains], 1);
    expect(JSON.parse(verifyJson({ variant, ...told }))).toEqual({ version: 1, ...told });
    expect(verifyJunit({ variant, ...told })).not.toContain(variant);
    expect(verifyJunit(resultOf([kept], 0))).toContain('name="pdb-deadlock (percent)"');
  });
});

describe("verifyJunit", () => {
  it("tells failures, errors and skips apart", () => {
    expect(verifyJunit(resultOf([kept, drains, refuses, later], 1))).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="labs verify" tests="4" failures="1" errors="1" skipped="1" time="61.000">
  <testsuite name="pdb-deadlock" tests="4" failures="1" errors="1" skipped="1" time="61.000" timestamp="2026-01-01T00:00:00.000Z">
    <testcase classname="pdb-deadlock.guards" name="kept: Capacity and protection are kept" time="1.500"/>
    <testcase classname="pdb-deadlock.node-upgrade" name="drains: Each node drains within a minute" time="1.500">
      <failure message="429 from poddisruptionbudget/checkout for 60 s: needs 3 healthy pods and has 3" type="not yet">expected: eviction of 2 pods app=checkout from labs-worker accepted within 60 s
observed: 429 from poddisruptionbudget/checkout for 60 s: needs 3 healthy pods and has 3
look at: kubectl -n shop describe pdb checkout</failure>
    </testcase>
    <testcase classname="pdb-deadlock.node-upgrade" name="refuses: Refuses" time="1.500">
      <error message="API server did not answer within 10 s" type="could not be observed">expected: eviction of 2 pods app=checkout from labs-worker accepted within 60 s
observed: API server did not answer within 10 s
look at: kubectl -n shop describe pdb checkout</error>
    </testcase>
    <testcase classname="pdb-deadlock.node-upgrade" name="later: Nothing is lost" time="1.500">
      <skipped message="waits for drains"/>
    </testcase>
  </testsuite>
</testsuites>
`);
  });

  it("escapes what XML cannot hold", () => {
    const observed = 'a <b> & "c"\u001B[31m\nnext \uD83D';
    const text = verifyJunit(resultOf([{ ...drains, observed }], 1));
    expect(text).toContain('message="a &lt;b&gt; &amp; &quot;c&quot;\uFFFD[31m&#10;next \uFFFD"');
    expect(text).toContain("observed: a &lt;b&gt; &amp; &quot;c&quot;\uFFFD[31m\nnext \uFFFD\n");
  });
});
