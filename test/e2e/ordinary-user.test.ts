import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createRuntime } from "../../src/host.ts";
import { ensureReady } from "../../src/setup/ensure-ready.ts";
import { versions } from "../../src/images/versions.ts";
import { pulledImage } from "../integration/pulled-stand-in.ts";
import { canBecomeOrdinary, expectOrdinaryInCi, newOrdinaryUser, type OrdinaryUser } from "./ordinary-user.ts";

expectOrdinaryInCi();

interface Report {
  readonly ready: boolean;
  readonly findings: readonly { readonly id: string; readonly level: string; readonly cure?: string }[];
}

const onOrdinary = describe.skipIf(!canBecomeOrdinary);

onOrdinary("a user without root, with an empty home and no Go (needs root to become one)", { timeout: 600_000 }, () => {
  let me: OrdinaryUser;
  let more: Record<string, string>;
  const labs = (...args: string[]) => me.labs(args, more);

  beforeAll(async () => {
    // Images are the engine's, whoever made them; what a user without root does where they are missing is tested elsewhere.
    const tools = await ensureReady(createRuntime(new AbortController().signal), { kind: true, images: ["debian"] });
    me = await newOrdinaryUser();
    more = { LABS_NODE_IMAGE: await pulledImage() };
    // Nothing can be downloaded in tests. kubectl comes out of the node image.
    const bin = join(me.home, ".local", "share", "labs", "bin");
    await mkdir(bin, { recursive: true });
    await cp(tools.kind, join(bin, `kind-${versions.kind}`));
    await me.give(join(me.home, ".local"));
  });
  afterAll(async () => {
    await labs("down");
    await me.leave();
  });

  /** Exit code 0; what was said on stderr otherwise. */
  async function expectDone(...args: string[]): Promise<string> {
    const { exitCode, stdout, stderr } = await labs(...args);
    expect(exitCode === 0 ? "" : stderr + stdout).toBe("");
    return stdout;
  }

  test("doctor misses nothing that set-up does not get, and has a cure for all it says", async () => {
    const { stdout, stderr } = await labs("doctor", "--json");
    const { findings }: Report = JSON.parse(stdout);
    expect(stderr).toBe("");
    for (const { level, cure } of findings) if (level !== "ok") expect(cure).toMatch(/\w/);
    const missing = findings.filter(({ level }) => level === "missing").map(({ id }) => id);
    expect(["kubectl", "node-image"]).toEqual(expect.arrayContaining(missing));
  });

  test("a Docker lab: start, verify, repair, verify, stop", async () => {
    await expectDone("start", "shell-form-sigterm", "--variant", "wrapped");
    expect((await labs("verify")).exitCode).toBe(1);
    const script = `sed -i 's|^/app "$@"|exec /app "$@"|' "$LABS_WORKSPACE/entry.sh"`;
    await expectDone("shell", "bash", "-euo", "pipefail", "-c", script);
    expect(await expectDone("verify")).toMatch(/solved/i);
    await expectDone("stop");
  });

  test("a lab of Kubernetes, on an image that could be pulled: start, verify, repair, verify, stop", async () => {
    await expectDone("start", "service-no-endpoints", "--variant", "empty");
    expect((await labs("verify")).exitCode).toBe(1);
    const script = join(me.library, "service-no-endpoints", "fixes", "edit-and-apply.sh");
    await expectDone("shell", "bash", "-euo", "pipefail", script);
    expect(await expectDone("verify")).toMatch(/solved/i);
    await expectDone("stop");
  });

  test("now doctor is content, and down leaves nothing", async () => {
    const { ready }: Report = JSON.parse(await expectDone("doctor", "--json"));
    expect(ready).toBe(true);
    expect(await expectDone("down")).toMatch(/Removed labs-[0-9a-f]{6}-[0-9a-f]{6}/);
  });
});
