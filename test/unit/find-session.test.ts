import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectSession, findSession, requireSession, sessionAtWork } from "../../src/flows/find-session.ts";
import { takeLock } from "../../src/lib/lock.ts";
import { logEvent } from "../../src/session/event-log.ts";
import type { Session } from "../../src/session/session.ts";
import { withSessionLock } from "../../src/session/with-lock.ts";
import { endSession, readSession, saveSession } from "../../src/session/store.ts";
import { terminalProgress } from "../../src/ui/progress.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { runtimeAtHome, stageProviders } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const name = "labs-abc123-0w";
const nothing = { list: async () => [] };
/** A cluster of this home that knows a session. */
const knowing = { list: async () => [name], open: async () => fakeKindSandbox() };

test("the state file answers alone", async () => {
  stageProviders({});
  const { rt, err } = await runtimeAtHome();
  await saveSession(rt, fakeSession());
  expect(await findSession(rt, terminalProgress(rt))).toEqual(fakeSession());
  expect(err.text()).toBe("");
});

test("a lost file is rebuilt from the sandbox, which is said once", async () => {
  stageProviders({ kind: knowing, docker: nothing, scenario: () => ({ recall: async () => fakeSession() }) });
  const { rt, err } = await runtimeAtHome();
  expect(await findSession(rt, terminalProgress(rt))).toEqual(fakeSession());
  expect(await findSession(rt, terminalProgress(rt))).toEqual(fakeSession());
  expect(err.text()).toBe(`The state file was lost; it was rebuilt from ${name}.\n`);
  expect(await readSession(rt)).toEqual(fakeSession());
});

test("after a lab's end no sandbox is woken to ask for one", async () => {
  stageProviders({});
  const { rt } = await runtimeAtHome();
  await endSession(rt);
  expect(await findSession(rt, terminalProgress(rt))).toBeUndefined();
});

test("a damaged file is rebuilt too", async () => {
  stageProviders({ kind: knowing, docker: nothing, scenario: () => ({ recall: async () => fakeSession() }) });
  const { rt, err } = await runtimeAtHome();
  await writeFile(join(rt.paths.home, "session.json"), '{"version":1,');
  expect(await findSession(rt, terminalProgress(rt))).toEqual(fakeSession());
  expect(err.text()).toBe(`The state file could not be read; it was rebuilt from ${name}.\n`);
});

test("every sandbox of this home is asked, one that does not open is passed over", async () => {
  const scopes: string[] = [];
  stageProviders({
    kind: {
      list: async (_rt, scope) => {
        scopes.push(scope);
        return ["labs-abc123-0w", "labs-abc123-1w", "labs-abc123-2w"];
      },
      open: async (_rt, one) => {
        if (one.endsWith("-0w")) throw new Error("its API server does not answer");
        return fakeKindSandbox({ name: one });
      },
    },
    scenario: (sandbox) => ({
      recall: async () => (sandbox.name.endsWith("-2w") ? fakeSession({ id: "s2" }) : undefined),
    }),
  });
  const { rt } = await runtimeAtHome();
  expect(await findSession(rt, terminalProgress(rt))).toMatchObject({ id: "s2" });
  expect(scopes).toEqual(["home"]);
});

test("without a session nothing is written, and a command that needs one ends with 4", async () => {
  stageProviders({ kind: knowing, docker: nothing, scenario: () => ({ recall: async () => undefined }) });
  const { rt, err } = await runtimeAtHome();
  expect(await findSession(rt, terminalProgress(rt))).toBeUndefined();
  expect(await readSession(rt)).toBeUndefined();
  expect(err.text()).toBe("");
  await expect(requireSession(rt, terminalProgress(rt))).rejects.toMatchObject({
    exitCode: 4,
    cure: "labs list, then labs start <lab>",
  });
});

test("a session comes with its open sandbox, or ends with 3 when that is gone", async () => {
  const opened: string[] = [];
  let there = true;
  stageProviders({
    kind: {
      open: async (_rt, one) => {
        opened.push(one);
        return there ? fakeKindSandbox() : undefined;
      },
    },
  });
  const { rt } = await runtimeAtHome();
  await saveSession(rt, fakeSession());
  expect(await requireSession(rt, terminalProgress(rt))).toMatchObject({ session: { id: "s1" }, sandbox: { name } });
  there = false;
  await expect(requireSession(rt, terminalProgress(rt))).rejects.toMatchObject({
    exitCode: 3,
    message: `the sandbox ${name} of lab probes-storm is gone`,
    cure: "labs stop, then labs start probes-storm",
  });
  expect(opened).toEqual([name, name]);
});

/** A home with a session that a start left, and what is done to its sandbox. */
async function leftOver(changes: Partial<Session> = {}) {
  const did: string[] = [];
  const session = fakeSession({ phase: "starting", ...changes });
  stageProviders({
    kind: {
      open: async () => undefined,
      remove: async (_rt, one) => {
        did.push(`remove ${one}`);
        return true;
      },
    },
  });
  const { rt, err } = await runtimeAtHome();
  await saveSession(rt, session);
  return { rt, err, did, session };
}

test("what a start left that was ended by force is taken away by the next command, which says so", async () => {
  const { rt, err, did, session } = await leftOver();
  await expect(expectSession(rt, terminalProgress(rt))).rejects.toMatchObject({ exitCode: 4 });
  expect(did).toEqual([`remove ${session.sandbox.name}`]);
  expect(await readSession(rt)).toBeUndefined();
  expect(err.text()).toMatch(/^The start of lab probes-storm was ended by force; taking away what it left …\n/);
  expect(err.text()).toMatch(/\nTaken away; sandbox removed\.\n$/);
});

test("a start does so while it holds the lock itself", async () => {
  const { rt, did } = await leftOver();
  expect(await withSessionLock(rt, "start", () => sessionAtWork(rt, terminalProgress(rt)))).toBeUndefined();
  expect(did).toHaveLength(1);
});

test("a start at work, one to be kept and a lab that was handed over are left alone", async () => {
  const working = await leftOver();
  const lock = await takeLock(join(working.rt.paths.home, "lock"), { pid: process.ppid, what: "start" });
  expect(lock).toHaveProperty("release");
  expect(await expectSession(working.rt, terminalProgress(working.rt))).toEqual(working.session);
  const kept = await leftOver({ kept: true });
  expect(await expectSession(kept.rt, terminalProgress(kept.rt))).toEqual(kept.session);
  const reset = await leftOver();
  await logEvent(reset.rt, reset.session, { type: "started", variant: "one" });
  expect(await expectSession(reset.rt, terminalProgress(reset.rt))).toEqual(reset.session);
  for (const { did, err } of [working, kept, reset]) expect([did, err.text()]).toEqual([[], ""]);
});
