import { describe, expect, it } from "vitest";
import type { ActionRecord } from "../../src/system/record.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeAction, fakeRecord } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";

const data = { name: "busy", exitCode: 0, seconds: 4.2, answered: true, output: 'x\n{"msg":"shutdown complete"}\n' };

function judge(given: Record<string, unknown>, action: Partial<ActionRecord> = { data }) {
  const record = fakeRecord({ actions: [fakeAction(action)] });
  return runCheck(
    { type: "ended", from: "busy", ...given },
    fakeCheckContext([], { record, sandbox: fakeDockerSandbox() }),
  );
}

const late = (latecomerAnswered: boolean) => ({ data: { ...data, latecomerAnswered } });

describe("ended", () => {
  it("passes when all of it is so", async () => {
    const given = { exitCode: 0, within: "7s", answered: true, output: '"msg":"shutdown complete"' };
    expect(await judge(given)).toMatchObject({
      outcome: "pass",
      observed: "exit code 0; after 4.2 s; the request was answered; and 1 more",
    });
    expect(await judge({})).toMatchObject({ outcome: "pass", observed: "done" });
  });

  it.each([
    [{ exitCode: 137 }, "exit code 0"],
    [{ within: "4s" }, "after 4.2 s"],
    [{ answered: false }, "the request was answered"],
    [{ output: "^y$" }, 'no such line, last {"msg":"shutdown complete"}'],
  ])("fails by %j", async (given, observed) => {
    expect(await judge(given)).toMatchObject({ outcome: "fail", observed });
  });

  it("looks at who came late", async () => {
    expect(await judge({ latecomer: false }, late(false))).toMatchObject({
      outcome: "pass",
      observed: "it took no new request",
    });
    expect(await judge({ latecomer: false }, late(true))).toMatchObject({
      outcome: "fail",
      observed: "it still took a new request",
    });
    await expect(judge({ latecomer: false })).rejects.toThrow("latecomer needs `latecomer` in the lifecycle action");
  });

  it("fails for what did not come to its end, or never ran", async () => {
    const stuck = { finished: false, detail: "it never answered", data: { name: "busy" } };
    expect(await judge({}, stuck)).toMatchObject({ outcome: "fail", observed: "it never answered" });
    expect(await judge({}, { ...stuck, action: "lifecycle" })).toMatchObject({
      expected: "busy comes up, and ends when it is stopped",
    });
    expect(await judge({}, { ...stuck, action: "run" })).toMatchObject({ expected: "busy ends" });
    expect(await judge({}, { data: { name: "idle" } })).toMatchObject({
      outcome: "fail",
      observed: "no action busy ran",
    });
    const alone = { data: { name: "busy", exitCode: 0, output: "" } };
    expect(await judge({ within: "5s" }, alone)).toMatchObject({ outcome: "fail" });
    expect(await judge({ answered: true }, alone)).toMatchObject({ outcome: "fail" });
  });
});
