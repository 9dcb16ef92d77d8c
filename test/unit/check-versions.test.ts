import { describe, expect, it } from "vitest";
import { fakeLoadResult } from "../fakes/agent.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeRecord } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";

describe("versions of a load", () => {
  const spec = { type: "traffic", from: "ask", versions: { only: "v2" } };

  it.each([
    [{ v2: 100 }, "pass"],
    [{ v2: 60, v1: 40 }, "fail"],
    [{ v1: 100 }, "fail"],
    [{}, "fail"],
  ])("%j is %s", async (byVersion, outcome) => {
    const record = fakeRecord({ traffic: { ask: fakeLoadResult({ byVersion }) } });
    expect((await runCheck(spec, fakeCheckContext([], { record }))).outcome).toBe(outcome);
  });

  it("names the versions that should not answer", async () => {
    const record = fakeRecord({ traffic: { ask: fakeLoadResult({ byVersion: { v2: 60, v1: 40 } }) } });
    const { observed } = await runCheck(spec, fakeCheckContext([], { record }));
    expect(observed).toContain("v1 answered 40");
  });
});
