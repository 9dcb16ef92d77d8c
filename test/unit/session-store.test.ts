import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLock } from "../../src/lib/lock.ts";
import { logEvent } from "../../src/session/event-log.ts";
import {
  endSession,
  forgetSession,
  readSession,
  readState,
  saveSession,
  updateSession,
  writePrivate,
} from "../../src/session/store.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeSession } from "../fakes/session.ts";

let home: string;
beforeEach(async () => {
  home = join(await mkdtemp(join(tmpdir(), "labs-store-")), "state");
});
afterEach(() => rm(join(home, ".."), { recursive: true, force: true }));

function runtime() {
  const rt = fakeRuntime();
  return { ...rt, paths: { ...rt.paths, home } };
}

const mode = async (file: string) => (await stat(file)).mode & 0o777;

test("a session is read as it was saved, until it is forgotten", async () => {
  const rt = runtime();
  expect(await readState(rt)).toEqual({ damaged: false });
  const session = fakeSession({
    reference: { provider: "kind", stage: [], base: [] },
    faultAt: "2026-01-01T00:00:00Z",
  });
  await saveSession(rt, session);
  expect(await readState(rt)).toEqual({ session, damaged: false });
  await forgetSession(rt);
  await forgetSession(rt);
  expect(await readSession(rt)).toBeUndefined();
});

test("that no session runs is known after its end, and not once that is forgotten", async () => {
  const rt = runtime();
  await saveSession(rt, fakeSession());
  await endSession(rt);
  expect(await readState(rt)).toEqual({ idle: true, damaged: false });
  expect(await readSession(rt)).toBeUndefined();
  await forgetSession(rt);
  expect(await readState(rt)).toEqual({ damaged: false });
});

test("state is the user's own: its folder 0700, every file 0600, nothing half written beside it", async () => {
  const rt = runtime();
  await saveSession(rt, fakeSession());
  await logEvent(rt, fakeSession(), { type: "started", variant: "main" });
  expect(await mode(home)).toBe(0o700);
  expect(await mode(join(home, "session.json"))).toBe(0o600);
  expect(await mode(join(home, "sessions", "s1"))).toBe(0o700);
  expect(await mode(join(home, "sessions", "s1", "events.jsonl"))).toBe(0o600);
  expect(await readdir(home)).toEqual(["session.json", "sessions"]);
});

test("a file that others could read before cannot be read by them after", async () => {
  await mkdir(home, { recursive: true });
  await writeFile(join(home, "kubeconfig"), "old", { mode: 0o644 });
  await writePrivate(join(home, "kubeconfig"), "new");
  expect(await mode(join(home, "kubeconfig"))).toBe(0o600);
  expect(await readFile(join(home, "kubeconfig"), "utf8")).toBe("new");
});

test.each([
  ["cut short", (text: string) => text.slice(0, text.length / 2)],
  ["empty", () => ""],
  ["of another version", (text: string) => text.replace('"version":1', '"version":2')],
  ["with a field that nobody knows", (text: string) => text.replace("{", '{"extra":1,')],
])("a state file that is %s is damaged, not missing", async (_how, damage) => {
  const rt = runtime();
  await saveSession(rt, fakeSession());
  const file = join(home, "session.json");
  await writeFile(file, damage(await readFile(file, "utf8")));
  expect(await readState(rt)).toEqual({ damaged: true });
});

test("a change is saved, and needs a session", async () => {
  const rt = runtime();
  await expect(updateSession(rt, (session) => session)).rejects.toThrow("no session");
  await saveSession(rt, fakeSession());
  expect(await updateSession(rt, (session) => ({ ...session, seed: "other" }))).toMatchObject({ seed: "other" });
  expect(await readSession(rt)).toMatchObject({ id: "s1", seed: "other" });
});

test("changes made at once are all kept, one after the other", async () => {
  const rt = runtime();
  await saveSession(rt, fakeSession({ values: {} }));
  const names = Array.from({ length: 20 }, (_, at) => `n${at}`);
  await Promise.all(
    names.map((name) => updateSession(rt, (session) => ({ ...session, values: { ...session.values, [name]: "" } }))),
  );
  expect(Object.keys((await readSession(rt))?.values ?? {}).sort()).toEqual(names.sort());
  expect(await readdir(home)).toEqual(["session.json"]);
});

test("a change waits for the process that is changing it", async () => {
  const rt = runtime();
  await saveSession(rt, fakeSession());
  const taken = await takeLock(join(home, "session.json.lock"), { pid: process.ppid, what: "writing" });
  if ("owner" in taken) throw new Error("the lock is not free");
  const changing = updateSession(rt, (session) => ({ ...session, variant: "other" }));
  const theirs = { ...fakeSession(), seed: "theirs" };
  await writeFile(join(home, "session.json"), JSON.stringify(theirs));
  await taken.release();
  expect(await changing).toEqual({ ...theirs, variant: "other" });
});

test("a session of version 0.1 is read, without what its events tell", async () => {
  const rt = runtime();
  await mkdir(home, { recursive: true });
  const older = { ...fakeSession(), hintsShown: 2, solvedAt: "2026-01-01T00:00:00Z", gaveUpAt: "2026-01-01T00:00:00Z" };
  await writeFile(join(home, "session.json"), JSON.stringify(older));
  expect(await readState(rt)).toEqual({ session: fakeSession(), damaged: false });
});
