import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { reset } from "../../src/commands/reset.ts";
import { resetLab } from "../../src/flows/reset.ts";
import { stopLab } from "../../src/flows/stop.ts";
import { layWorkspace, workspaceDigest, workspaceDir } from "../../src/session/workspace.ts";
import { silentProgress } from "../../src/ui/progress.ts";
import type { Cleared, Scenario } from "../../src/scenario/scenario.ts";
import { readSession, saveSession } from "../../src/session/store.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome, stageProviders } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const name = "labs-abc123-0w";
const dir = join(import.meta.dirname, "../../labs/pdb-deadlock");
const session = fakeSession({ lab: { id: "pdb-deadlock", dir, digest: "d1" }, variant: "percent" });

/** A reset with all that it did, in order; `clear` is what the old sandbox does. */
async function resetting(clear: () => Promise<Cleared>, signal = new AbortController().signal) {
  const did: string[] = [];
  const { rt, err } = await runtimeAtHome({ signal });
  const note = async (what: string): Promise<void> => void did.push(what);
  const scenario: Partial<Scenario> = {
    clear: async () => {
      did.push("clear");
      return clear();
    },
    takeStock: () => note("takeStock"),
    remember: ({ phase }) => note(`remember ${phase}`),
    layStage: () => note("layStage"),
    layBase: () => note("layBase"),
    awaitHealthy: () => note("awaitHealthy"),
    reference: async () => ({ provider: "kind", stage: [], base: [] }),
    breakIt: () => note("breakIt"),
    describe: () => [],
  };
  const kind = {
    open: async () => fakeKindSandbox(),
    remove: async (_rt: unknown, which: string) => did.push(`remove ${which}`) > 0,
    prepare: async () => {
      did.push("prepare");
      return { sandbox: fakeKindSandbox(), created: true, settled: Promise.resolve() };
    },
  };
  stageProviders({ kind, scenario: () => scenario });
  await saveSession(rt, session);
  const result = await reset(rt, { symptom: false, json: true }).catch((error: unknown) => error);
  return { rt, did, result, told: err.text() };
}

const laid = ["remember starting", "layStage", "layBase", "awaitHealthy", "breakIt", "remember running"];

test("a lab is broken again in the sandbox that it has, where that comes clean", async () => {
  const { rt, did, result } = await resetting(async () => ({ cleaned: [], clean: true }));
  expect(result).toBe(0);
  expect(did).toEqual(["clear", ...laid]);
  expect(await readSession(rt)).toMatchObject({ id: session.id, phase: "running", variant: "percent" });
});

test.each<[string, () => Promise<Cleared>]>([
  ["would not let go of something", async () => ({ cleaned: ["namespace mine stays"], clean: false })],
  ["does not answer", () => Promise.reject(new Error("connection refused"))],
])("a sandbox that %s is replaced, and the learner is told", async (_what, clear) => {
  const { rt, did, result, told } = await resetting(clear);
  expect(result).toBe(0);
  expect(did).toEqual(["clear", `remove ${name}`, "prepare", "takeStock", ...laid]);
  expect(told).toContain("would not come clean, so a new sandbox takes its place");
  expect(await readSession(rt)).toMatchObject({ id: session.id, phase: "running" });
});

test("Ctrl-C while clearing removes no sandbox", async () => {
  const control = new AbortController();
  const { did, result } = await resetting(() => {
    control.abort();
    return Promise.reject(new Error("interrupted"));
  }, control.signal);
  expect(result).toMatchObject({ message: "interrupted" });
  expect(did).toEqual(["clear"]);
});

test("what the learner wrote survives a reset that is interrupted at once, and the stop after it", async () => {
  const control = new AbortController();
  const { rt, err } = await runtimeAtHome();
  await layWorkspace(rt, new Map([["Dockerfile", Buffer.from("FROM a")]]));
  const workspace = (await workspaceDigest(rt)) ?? "";
  await writeFile(join(workspaceDir(rt), "Dockerfile"), "FROM mine");
  await saveSession(rt, { ...session, workspace });
  stageProviders({
    kind: { open: async () => fakeKindSandbox(), park: async () => true },
    scenario: () => ({
      clear: async () => {
        if (control.signal.aborted) return { cleaned: [], clean: true };
        control.abort();
        throw new Error("interrupted");
      },
    }),
  });
  const running = { ...rt, signal: control.signal };
  await expect(reset(running, { symptom: false })).rejects.toThrow("interrupted");
  const left = await readSession(rt);
  if (left === undefined) throw new Error("the session is gone");
  await stopLab(rt, left, silentProgress(rt));
  const kept = `${workspaceDir(rt)}.kept`;
  expect(await readFile(join(kept, "Dockerfile"), "utf8")).toBe("FROM mine");
  expect(err.text()).toContain(`What you wrote is kept in ${kept}.\n`);
});

test.each([true, false])(
  "who wants to look at a new sandbox is told of one that takes the old one's place (clean: %s)",
  async (clean) => {
    const { rt } = await runtimeAtHome();
    const did: string[] = [];
    const noted = async (what: string): Promise<void> => void did.push(what);
    stageProviders({
      kind: {
        open: async () => fakeKindSandbox(),
        remove: async () => true,
        prepare: async () => ({ sandbox: fakeKindSandbox(), created: true, settled: noted("settled") }),
      },
      scenario: () => ({
        clear: async () => ({ cleaned: [], clean }),
        takeStock: async () => undefined,
        remember: async () => undefined,
        layStage: () => noted("layStage"),
        layBase: async () => undefined,
        awaitHealthy: async () => undefined,
        reference: async () => ({ provider: "kind", stage: [], base: [] }),
        breakIt: async () => undefined,
        describe: () => [],
      }),
    });
    await saveSession(rt, session);
    const options = { symptom: false, onPrepared: () => noted("looked") };
    expect(await resetLab(rt, options, silentProgress(rt))).toMatchObject({ replaced: !clean });
    expect(did).toEqual(clean ? ["layStage"] : ["settled", "looked", "layStage"]);
  },
);
