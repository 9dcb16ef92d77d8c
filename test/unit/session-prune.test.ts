import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Runtime } from "../../src/runtime.ts";
import { eventsFile, logEvent } from "../../src/session/event-log.ts";
import { keptSessions, pruneSessions } from "../../src/session/prune.ts";
import { runtimeAtHome } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

/** A session to which something happened last so many days ago. */
async function ended(rt: Runtime, id: string, days: number, kept?: string): Promise<void> {
  const session = fakeSession({ id });
  await logEvent(rt, session, kept === undefined ? { type: "reset" } : { type: "kept", path: kept });
  const at = rt.clock.now() / 1000 - days * 86_400;
  await utimes(eventsFile(rt, session), at, at);
}

it("old sessions go, but for the newest, the current one and those with kept work", async () => {
  const { rt } = await runtimeAtHome();
  const folder = join(rt.paths.home, "sessions");
  await pruneSessions(rt, "current");
  const newest = Array.from({ length: keptSessions.newest - 1 }, (_, at) => `new-${at}`);
  for (const id of newest) await ended(rt, id, 1);
  await ended(rt, "recent", 29);
  await ended(rt, "also-recent", 29.5);
  await ended(rt, "current", 100);
  const work = join(rt.paths.home, "workspace.kept");
  await mkdir(work);
  await ended(rt, "with-work", 90, work);
  await ended(rt, "without-work", 90, join(rt.paths.home, "workspace.kept-2"));
  await ended(rt, "old", 31);
  await pruneSessions(rt, "current");
  expect((await readdir(folder)).sort()).toEqual([...newest, "recent", "also-recent", "current", "with-work"].sort());
});

it("few sessions stay however old, and a file that is no session is no matter", async () => {
  const { rt } = await runtimeAtHome();
  await ended(rt, "ancient", 1000);
  await writeFile(join(rt.paths.home, "sessions", "note"), "");
  await pruneSessions(rt, "current");
  expect(await readdir(join(rt.paths.home, "sessions"))).toEqual(["ancient", "note"]);
});
