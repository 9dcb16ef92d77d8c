import { describe, expect, it } from "vitest";
import { z } from "zod";
import { type AnyCheckType, defineCheck } from "../../src/checks/check.ts";
import { RefusedError } from "../../src/experiments/action.ts";
import type { CheckEntry, CheckSpec } from "../../src/lab/lab.ts";
import type { CheckResult, VerifyContext, VerifyEvent } from "../../src/verify/verify-context.ts";
import { exitCodeOf, verify } from "../../src/verify/verify.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { dockerAgent, fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeEntry, fakeExperiment, fakeLab } from "../fakes/lab.ts";
import { fakeRecord } from "../fakes/record.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";

type Engine = VerifyContext["runExperiment"];

const unsettled: Engine = () => Promise.resolve(fakeRecord({ unsettled: "pod/a is not ready" }));

/** Loses the agent in experiment x. */
const breaksInX: Engine = async ({ id }) => {
  if (id === "x") throw new Error("agent lost");
  return fakeRecord({ experiment: id });
};

/** Sees what it is told; "later" passes for the first two looks only. */
function told(looks: Map<string, number>): AnyCheckType {
  return defineCheck({
    name: "told",
    summary: "A test double",
    reads: ["sandbox", "record"],
    needs: [],
    racy: false,
    params: z.strictObject({ sees: z.enum(["pass", "fail", "error", "later-fail"]), key: z.string().default("") }),
    async run({ sees, key }, { record }) {
      const count = (looks.get(key) ?? 0) + 1;
      looks.set(key, count);
      const outcome = sees === "later-fail" ? (count > 1 ? "fail" : "pass") : sees;
      return { outcome, expected: "E", observed: record === undefined ? "sandbox" : `record ${record.experiment}` };
    },
  });
}

function spec(outcome: string, key = ""): CheckSpec {
  return { type: "told", sees: outcome, key };
}

function entry(id: string, outcome: string, parts: Partial<CheckEntry> = {}): CheckEntry {
  return fakeEntry(id, spec(outcome, id), parts);
}

function contextOf(
  lab: Parameters<typeof fakeLab>[0],
  parts: Partial<VerifyContext> = {},
): { context: VerifyContext; ran: string[]; events: VerifyEvent[] } {
  const ran: string[] = [];
  const events: VerifyEvent[] = [];
  const { evaluate: _evaluate, ...base } = fakeCheckContext();
  const context: VerifyContext = {
    ...base,
    lab: fakeLab(lab),
    sandbox: fakeDockerSandbox({ docker: fakeDocker([dockerAgent]) }),
    session: fakeSession({ reference: { provider: "docker", stage: [], base: [] } }),
    journal: { open: () => Promise.reject(new Error("unexpected entry")) },
    undone: [],
    types: [told(new Map())],
    onProgress: (event) => events.push(event),
    runExperiment: async (experiment, { progress }) => {
      ran.push(experiment.id);
      progress("running");
      return fakeRecord({ experiment: experiment.id });
    },
    ...parts,
  };
  return { context, ran, events };
}

function outcomes(results: readonly CheckResult[]): Record<string, string> {
  return Object.fromEntries(results.map((result) => [result.id, result.outcome]));
}

describe("verify", () => {
  it("judges experiments by their records, in file order, after everything else has passed", async () => {
    const { context, ran, events } = contextOf({
      guards: [entry("kept", "pass")],
      objectives: [entry("fast", "pass")],
      experiments: [fakeExperiment("b", [entry("b1", "pass")]), fakeExperiment("a", [entry("a1", "pass")])],
    });
    const result = await verify(context);
    expect(result.results.map(({ id, role }) => `${role} ${id}`)).toEqual([
      "guard stage-intact",
      "guard instrumented",
      "guard kept",
      "objective fast",
      "objective b1",
      "objective a1",
    ]);
    expect(result).toMatchObject({ solved: true, exitCode: 0, windowsMs: 110_000 });
    expect(result.results.at(-1)).toMatchObject({ experiment: "a", observed: "record a" });
    expect(ran).toEqual(["b", "a"]);
    expect(events).toContainEqual({ type: "experiment-progress", experiment: "b", text: "running" });
  });

  it("ends before an experiment when whoever asked has seen enough", async () => {
    const { context, ran } = contextOf(
      {
        experiments: [fakeExperiment("a", [entry("a1", "fail")]), fakeExperiment("b", [entry("b1", "pass")])],
      },
      { enough: (results) => results.some(({ id, outcome }) => id === "a1" && outcome === "fail") },
    );
    const result = await verify(context);
    expect(ran).toEqual(["a"]);
    expect(outcomes(result.results)).toMatchObject({ a1: "fail", b1: "not run" });
    expect(result.exitCode).toBe(1);
  });

  it.each(["fail", "error"])("runs no experiment beside a guard that sees %s", async (outcome) => {
    const { context, ran } = contextOf({
      guards: [entry("kept", outcome), entry("also", "pass")],
      experiments: [fakeExperiment("x", [entry("x1", "pass")])],
    });
    const result = await verify(context);
    expect(ran).toEqual([]);
    expect(outcomes(result.results)).toMatchObject({ kept: outcome, also: "pass", x1: "not run" });
    expect(result.results.at(-1)?.observed).toBe("waits for kept");
    expect(result.exitCode).toBe(outcome === "fail" ? 1 : 3);
  });

  it("runs no experiment on a spoilt stage, and says how to set it up again", async () => {
    const ledger = fakeContainer({ name: "labs-abc123-ledger" });
    const { context, ran } = contextOf(
      { experiments: [fakeExperiment("x", [entry("x1", "pass")])] },
      { session: fakeSession({ reference: { provider: "docker", stage: [ledger], base: [] } }) },
    );
    const result = await verify(context);
    expect(ran).toEqual([]);
    expect(result.results[0]).toMatchObject({
      id: "stage-intact",
      outcome: "fail",
      observed: "container ledger is gone; labs reset sets it up again",
    });
  });

  it("skips what needs something that has not passed, and runs the rest", async () => {
    const { context, ran } = contextOf({
      objectives: [entry("after", "pass", { needs: ["x1"] }), entry("last", "pass", { needs: ["y1"] })],
      experiments: [
        fakeExperiment("x", [entry("x1", "fail"), entry("x2", "pass", { needs: ["x1"] }), entry("x3", "pass")]),
        fakeExperiment("y", [entry("y1", "pass")]),
        fakeExperiment("z", [entry("z1", "pass")], { needs: ["x1"] }),
      ],
    });
    const result = await verify(context);
    expect(ran).toEqual(["x", "y"]);
    expect(outcomes(result.results)).toMatchObject({
      x1: "fail",
      x2: "not run",
      x3: "pass",
      y1: "pass",
      z1: "not run",
      after: "not run",
      last: "pass",
    });
  });

  it("fails the objectives of an experiment that was refused for what the learner did", async () => {
    const { context } = contextOf(
      { experiments: [fakeExperiment("x", [entry("x1", "pass")])] },
      { runExperiment: () => Promise.reject(new RefusedError("no control: exceeded quota: small")) },
    );
    const result = await verify(context);
    expect(result.results.at(-1)).toMatchObject({ outcome: "fail", observed: "no control: exceeded quota: small" });
    expect(result.exitCode).toBe(1);
  });

  it("fails the objectives of a workload that does not settle, and does not reach those that need them", async () => {
    const objectives = [entry("x1", "pass"), entry("x2", "pass", { needs: ["x1"] })];
    const { context } = contextOf({ experiments: [fakeExperiment("x", objectives)] }, { runExperiment: unsettled });
    const result = await verify(context);
    expect(result.results.slice(2)).toMatchObject([
      { id: "x1", outcome: "fail", observed: "pod/a is not ready" },
      { id: "x2", outcome: "not run", observed: "waits for x1" },
    ]);
  });

  it("makes an experiment that breaks down an error, and goes on", async () => {
    const { context } = contextOf(
      { experiments: [fakeExperiment("x", [entry("x1", "pass")]), fakeExperiment("y", [entry("y1", "pass")])] },
      { runExperiment: breaksInX },
    );
    const result = await verify(context);
    expect(result.results.slice(2)).toMatchObject([
      { id: "x1", outcome: "error", observed: "agent lost" },
      { id: "y1", outcome: "pass" },
    ]);
    expect(result.exitCode).toBe(3);
  });

  it("looks at the guards once more after the experiments", async () => {
    const { context } = contextOf({
      guards: [entry("kept", "later-fail")],
      experiments: [fakeExperiment("x", [entry("x1", "pass")])],
    });
    const result = await verify(context);
    expect(result.results.find(({ id }) => id === "kept")).toMatchObject({
      outcome: "fail",
      observed: "at the end of this verify: sandbox",
      attempts: 2,
    });
    expect(result.solved).toBe(false);
  });

  it("does not look at guards again where something has failed", async () => {
    const guards = [entry("kept", "later-fail")];
    const { context } = contextOf({ guards, experiments: [fakeExperiment("x", [entry("x1", "fail")])] });
    const result = await verify(context);
    expect(outcomes(result.results)).toMatchObject({ kept: "pass", x1: "fail" });
    expect(result.exitCode).toBe(1);
  });

  it("looks at passive checks side by side", async () => {
    const slow = { withinMs: 10_000 };
    const { context } = contextOf({ objectives: [entry("a", "fail", slow), entry("b", "fail", slow)] });
    expect((await verify(context)).durationMs).toBe(10_000);
  });

  it("ends in a circle of needs by not running it", async () => {
    const { context } = contextOf({
      objectives: [entry("a", "pass", { needs: ["b"] }), entry("b", "pass", { needs: ["a"] })],
    });
    expect(outcomes((await verify(context)).results)).toMatchObject({ a: "not run", b: "not run" });
  });
});

describe("exitCodeOf", () => {
  it.each([
    [["pass", "pass"], 0],
    [["pass", "error", "fail"], 1],
    [["pass", "error"], 3],
    [["pass", "not run"], 3],
  ] as const)("%j is %d", (list, code) => {
    expect(exitCodeOf(list.map((outcome) => ({ outcome })))).toBe(code);
  });
});
