import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineCheck, type AnyCheckType, type Observation } from "../../src/checks/check.ts";
import { evaluate } from "../../src/checks/evaluate.ts";
import { look } from "../../src/checks/look.ts";
import { all, any, none } from "../../src/checks/types/combine.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeEntry } from "../fakes/lab.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

type Seen = Observation["outcome"] | Error | "hang" | "stand still";

/** A check type that sees these outcomes one after the other; the last one stays. */
function scripted(
  seen: readonly Seen[],
  racy = false,
  clock = fakeClock(),
): { type: AnyCheckType; looks: () => number } {
  let count = 0;
  const type = defineCheck({
    name: "scripted",
    summary: "A test double",
    reads: ["sandbox"],
    needs: [],
    racy,
    params: z.strictObject({}),
    async run(_params, { rt }) {
      const next = seen[Math.min(count, seen.length - 1)] ?? "error";
      count += 1;
      if (next instanceof Error) throw next;
      if (next === "stand still") {
        clock.standStill(60_000);
        throw new Error("connection reset");
      }
      if (next === "hang") await rt.clock.sleep(3_600_000, rt.signal);
      return { outcome: next === "hang" ? "pass" : next, expected: "E", observed: `look ${count}` };
    },
  });
  return { type, looks: () => count };
}

async function run(seen: readonly Seen[], parts: { withinMs?: number; forMs?: number; racy?: boolean } = {}) {
  const clock = fakeClock();
  const { type, looks } = scripted(seen, parts.racy, clock);
  const context = fakeCheckContext([], { rt: fakeRuntime({ clock }) });
  const entry = fakeEntry("one", { type: "scripted" }, { withinMs: parts.withinMs ?? 0, forMs: parts.forMs ?? 0 });
  const { observation, durationMs, attempts } = await evaluate(entry, context, { types: [type] });
  return { ...observation, durationMs, attempts, looks: looks() };
}

describe("evaluate", () => {
  it("looks once without a time", async () => {
    expect(await run(["fail", "pass"])).toMatchObject({ outcome: "fail", looks: 1, durationMs: 0 });
  });

  it("waits until it becomes true, also past a look that could not see", async () => {
    expect(await run(["fail", new Error("x"), "pass"], { withinMs: 5000 })).toMatchObject({
      outcome: "pass",
      durationMs: 2000,
    });
  });

  it("reports what was seen last when time is up", async () => {
    expect(await run(["fail"], { withinMs: 2500 })).toMatchObject({
      outcome: "fail",
      observed: "look 4",
      durationMs: 2500,
    });
  });

  it("demands that it stays true", async () => {
    expect(await run(["pass"], { forMs: 5000 })).toMatchObject({
      outcome: "pass",
      durationMs: 5000,
      observed: "look 7, for 5 s",
    });
    expect(await run(["pass", "pass", "pass", "fail", "pass"], { forMs: 5000 })).toMatchObject({
      outcome: "fail",
      expected: "E, for 5 s",
      observed: "look 4, after 2 s",
    });
    expect(await run(["pass", "pass", new Error("gone")], { forMs: 5000 })).toMatchObject({
      outcome: "error",
      observed: "gone",
    });
  });

  it("looks again at what it could not see as this program stood still, which takes nothing off its time", async () => {
    expect(await run(["stand still", "pass"])).toMatchObject({ outcome: "pass", looks: 2, durationMs: 0 });
    expect(await run(["fail", "stand still", "fail", "fail", "pass"], { withinMs: 5000 })).toMatchObject({
      outcome: "pass",
      durationMs: 3000,
    });
    expect(await run(["pass", "pass", "stand still", "pass"], { forMs: 5000 })).toMatchObject({
      outcome: "pass",
      observed: "look 8, for 5 s",
    });
  });

  it("looks three times, 1 s apart, at what is racy", async () => {
    expect(await run(["pass"], { racy: true })).toMatchObject({ outcome: "pass", looks: 3, durationMs: 2000 });
    expect(await run(["pass", "pass", "fail"], { racy: true })).toMatchObject({ outcome: "fail", looks: 3 });
    expect(await run(["pass", "fail", "pass"], { racy: true, withinMs: 9000 })).toMatchObject({
      outcome: "pass",
      looks: 5,
    });
  });

  it("takes a thrown error for not having seen", async () => {
    const gone = new KubeError("API server did not answer within 10 s", { unreachable: true });
    expect(await run([gone])).toMatchObject({ outcome: "error", observed: "API server did not answer within 10 s" });
  });

  it("limits the time of one look", async () => {
    expect(await run(["hang"])).toMatchObject({
      outcome: "error",
      observed: "no answer within 15 s",
      durationMs: 15_000,
    });
  });

  it("ends with an interrupt", async () => {
    const abort = new AbortController();
    const { type } = scripted(["hang"]);
    const context = fakeCheckContext([], { rt: fakeRuntime({ signal: abort.signal }) });
    const running = evaluate(fakeEntry("one", { type: "scripted" }), context, { types: [type] });
    abort.abort();
    await expect(running).rejects.toThrow("interrupted");
  });
});

describe("look", () => {
  it("says which parameter is wrong, and which type is unknown", async () => {
    const { type } = scripted(["pass"]);
    expect(await look({ type: "scripted", extra: 1 }, fakeCheckContext(), [type])).toMatchObject({
      outcome: "error",
      observed: expect.stringContaining("extra"),
    });
    expect(await look({ type: "nope" }, fakeCheckContext(), [type])).toMatchObject({ outcome: "error" });
  });
});

/** A check type that always sees the same. */
function constant(name: string, outcome: Observation["outcome"]): AnyCheckType {
  return defineCheck({
    name,
    summary: "A test double",
    reads: ["sandbox"],
    needs: [],
    racy: false,
    params: z.strictObject({}),
    run: () => Promise.resolve({ outcome, expected: `E of ${name}`, observed: `O of ${name}` }),
  });
}

describe("all, any and none", () => {
  const types = [all, any, none, constant("yes", "pass"), constant("no", "fail"), constant("blind", "error")];

  it.each([
    ["all", ["yes", "yes"], "pass"],
    ["all", ["yes", "no"], "fail"],
    ["all", ["no", "blind"], "fail"],
    ["all", ["yes", "blind"], "error"],
    ["any", ["no", "yes"], "pass"],
    ["any", ["blind", "yes"], "pass"],
    ["any", ["blind", "no"], "error"],
    ["any", ["no", "no"], "fail"],
    ["none", ["no", "no"], "pass"],
    ["none", ["blind", "no"], "error"],
    ["none", ["blind", "yes"], "fail"],
  ])("%s of %j is %s", async (type, names, outcome) => {
    const checks = names.map((name) => ({ type: name }));
    expect((await look({ type, checks }, fakeCheckContext(), types)).outcome).toBe(outcome);
  });

  it("nest", async () => {
    const inner = { type: "any", checks: [{ type: "no" }, { type: "yes" }] };
    const seen = await look({ type: "all", checks: [inner, { type: "no" }] }, fakeCheckContext(), types);
    expect(seen).toMatchObject({ outcome: "fail", expected: "E of no", observed: "O of no" });
  });
});
