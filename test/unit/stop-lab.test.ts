import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Provider } from "../../src/sandbox/sandbox.ts";
import type { Cleared } from "../../src/scenario/scenario.ts";
import { stopLab } from "../../src/flows/stop.ts";
import { readEvents } from "../../src/session/event-log.ts";
import { readSession } from "../../src/session/store.ts";
import { notedProgress, silentProgress } from "../../src/ui/progress.ts";
import { layWorkspace, workspaceDir } from "../../src/session/workspace.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome, stageProviders } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

/** A stop with everything that it did, in order; `open` and `clear` are what the sandbox does. */
async function stopped(
  open: Provider["open"],
  clear: () => Promise<Cleared>,
  {
    provider = "kind",
    signal = new AbortController().signal,
  }: { provider?: "kind" | "docker"; signal?: AbortSignal } = {},
) {
  const did: string[] = [];
  const notes: string[] = [];
  const { rt } = await runtimeAtHome({ signal });
  const fake: Partial<Provider> = {
    open,
    park: async (_rt, name) => did.push(`park ${name}`) > 0 && provider === "kind",
    remove: async (_rt, name) => did.push(`remove ${name}`) > 0,
  };
  stageProviders({
    [provider]: fake,
    scenario: () => ({
      clear: async () => {
        did.push(`clear while ${(await readSession(rt))?.phase}`);
        return clear();
      },
    }),
  });
  const session = fakeSession({ sandbox: { provider, name: "labs-abc123" } });
  const result = await stopLab(
    rt,
    session,
    notedProgress(
      rt,
      (text) => void notes.push(text),
      () => undefined,
    ),
  ).catch((error: unknown) => error);
  return { rt, did, notes, result, session, left: await readSession(rt) };
}

const opens = async () => fakeKindSandbox();
const interrupted = () => Promise.reject(new Error("interrupted"));
const clean = async (): Promise<Cleared> => ({ cleaned: ["namespace mine removed"], clean: true });

test("a clean cluster is kept warm, and the session is forgotten after that", async () => {
  const { rt, did, result, session, left } = await stopped(opens, clean);
  expect(did).toEqual(["clear while stopping", "park labs-abc123"]);
  expect(result).toEqual({ cleaned: ["namespace mine removed"], sandbox: "kept warm" });
  expect(left).toBeUndefined();
  expect(await readEvents(rt, session)).toMatchObject([
    { type: "step", flow: "stop", state: "begun" },
    { type: "step", flow: "stop", state: "ended" },
    { type: "stopped", lab: "probes-storm", sandbox: "kept warm" },
  ]);
});

test("a clean Docker sandbox is said to be removed", async () => {
  const { did, result } = await stopped(async () => fakeDockerSandbox(), clean, { provider: "docker" });
  expect(did).toEqual(["clear while stopping", "park labs-abc123"]);
  expect(result).toMatchObject({ sandbox: "removed" });
});

test("what the learner wrote is kept aside", async () => {
  const { rt } = await runtimeAtHome();
  const dir = workspaceDir(rt);
  await layWorkspace(rt, new Map([["Dockerfile", Buffer.from("FROM a")]]));
  stageProviders({ docker: { open: async () => undefined, remove: async () => false } });
  const session = fakeSession({ sandbox: { provider: "docker", name: "labs-abc123" }, workspace: "another digest" });
  expect(await stopLab(rt, session, silentProgress(rt))).toEqual({
    cleaned: [],
    sandbox: "was gone",
    kept: `${dir}.kept`,
  });
  await expect(readFile(join(`${dir}.kept`, "Dockerfile"), "utf8")).resolves.toBe("FROM a");
});

test("a sandbox that is not proven clean is removed", async () => {
  const { did, result } = await stopped(opens, async () => ({ cleaned: [], clean: false }));
  expect(did).toEqual(["clear while stopping", "remove labs-abc123"]);
  expect(result).toEqual({ cleaned: [], sandbox: "removed" });
});

test("so is one that cannot be cleared, and the reason is told", async () => {
  const { did, notes, left } = await stopped(opens, () => Promise.reject(new Error("no answer within 10 s")));
  expect(did).toEqual(["clear while stopping", "remove labs-abc123"]);
  expect(notes).toEqual(["could not clear it: no answer within 10 s"]);
  expect(left).toBeUndefined();
});

test.each<[string, Provider["open"]]>([
  ["half made", async () => undefined],
  ["broken", () => Promise.reject(new Error("its node does not start"))],
])("a sandbox that is %s is removed without being opened", async (_how, open) => {
  const { did, result, left } = await stopped(open, clean);
  expect(did).toEqual(["remove labs-abc123"]);
  expect(result).toMatchObject({ sandbox: "removed" });
  expect(left).toBeUndefined();
});

test("a stop that is interrupted while it opens the sandbox removes nothing", async () => {
  const { did, left } = await stopped(interrupted, clean, { signal: AbortSignal.abort() });
  expect(did).toEqual([]);
  expect(left).toMatchObject({ phase: "stopping" });
});

test("a stop that is interrupted leaves the session for the next one", async () => {
  const { did, result, left } = await stopped(opens, interrupted, { signal: AbortSignal.abort() });
  expect(did).toEqual(["clear while stopping"]);
  expect(result).toMatchObject({ message: "interrupted" });
  expect(left).toMatchObject({ id: "s1", phase: "stopping" });
});
