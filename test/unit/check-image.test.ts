import { describe, expect, it } from "vitest";
import type { ActionRecord } from "../../src/system/record.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeAction, fakeRecord } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";

const data = {
  files: ["app", "usr/bin/gcc-14", "usr/bin/su"],
  setuid: ["app", "usr/bin/su"],
  sizeBytes: 20e6,
  besideBytes: 100e6,
  user: "65532:65532",
};

function judge(given: Record<string, unknown>, action: Partial<ActionRecord> = { data }) {
  const record = fakeRecord({ actions: [fakeAction({ action: "unpack", ...action })] });
  return runCheck({ type: "image", ...given }, fakeCheckContext([], { record, sandbox: fakeDockerSandbox() }));
}

const named = (uid: string) => ({ data: { ...data, user: "web", uid } });

describe("image", () => {
  it("passes when all of it is so", async () => {
    expect(await judge({ ratio: { atMost: 0.25 }, without: "(^|/)clang$", user: "^[1-9]" })).toMatchObject({
      outcome: "pass",
      observed: "0.20 (20 MB of 100 MB); no such file; user 65532:65532",
    });
  });

  it.each([
    [{ ratio: { atMost: 0.1 } }, "0.20 (20 MB of 100 MB)"],
    [{ without: "/gcc(-\\d+)?$" }, "usr/bin/gcc-14"],
    [{ user: "^root$" }, "user 65532:65532"],
    [{ setuid: "^usr/bin/su$" }, "setuid: app"],
  ])("fails by %j", async (given, observed) => {
    expect(await judge(given)).toMatchObject({ outcome: "fail", observed });
  });

  it("lets files be setuid that may", async () => {
    expect(await judge({ setuid: "^(app|usr/bin/su)$" })).toMatchObject({
      outcome: "pass",
      observed: "no other setuid file",
    });
  });

  it("takes no user for root", async () => {
    const rooted = { data: { ...data, user: "" } };
    expect(await judge({ user: "^[1-9]" }, rooted)).toMatchObject({
      outcome: "fail",
      observed: "user root, as none is set",
    });
  });

  it("is not deceived by another name of root", async () => {
    expect(await judge({ user: "^(?!0$).+" }, named("999"))).toMatchObject({ outcome: "pass" });
    expect(await judge({ user: "^(?!0$).+" }, named("0"))).toMatchObject({
      outcome: "fail",
      observed: "user web, whose number is 0",
    });
  });

  it("fails without an image, and errs when there is nothing to compare with", async () => {
    const none = { finished: false, detail: "nothing was built from web", data: {} };
    expect(await judge({ user: "x" }, none)).toMatchObject({ outcome: "fail", observed: "nothing was built from web" });
    expect(await judge({ user: "x" }, { action: "build" })).toMatchObject({ outcome: "fail", observed: "none was" });
    const { besideBytes: _without, ...alone } = data;
    await expect(judge({ ratio: { atMost: 1 } }, { data: alone })).rejects.toThrow("ratio needs `beside`");
  });
});
