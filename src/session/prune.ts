import { access, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Runtime } from "../runtime.ts";
import { readEvents } from "./event-log.ts";

/** Records of sessions that stay whatever their age: so many of the newest, and all that something happened to in so many days. */
export const keptSessions = { newest: 20, days: 30 } as const;

const DAY_MS = 86_400_000;

/** True when something that the learner wrote in this session was put aside, and is there still. */
async function hasKeptWork(rt: Pick<Runtime, "paths">, id: string): Promise<boolean> {
  for (const event of await readEvents(rt, { id })) {
    if (event.type !== "kept") continue;
    const there = await access(event.path).then(
      () => true,
      () => false,
    );
    if (there) return true;
  }
  return false;
}

/** Removes the records of old sessions: none of this one, none whose learner's work is kept. What cannot be removed stays, without a word. */
export async function pruneSessions(rt: Pick<Runtime, "paths" | "clock">, current: string): Promise<void> {
  const folder = join(rt.paths.home, "sessions");
  const ids = await readdir(folder).catch((): string[] => []);
  const found = await Promise.all(
    ids.map(async (id) => {
      const seen = await stat(join(folder, id, "events.jsonl")).catch(() =>
        stat(join(folder, id)).catch(() => undefined),
      );
      return { id, at: seen?.mtimeMs ?? Infinity };
    }),
  );
  const old = found
    .toSorted((one, other) => other.at - one.at)
    .slice(keptSessions.newest)
    .filter(({ id, at }) => id !== current && at < rt.clock.now() - keptSessions.days * DAY_MS);
  for (const { id } of old) {
    if (await hasKeptWork(rt, id)) continue;
    await rm(join(folder, id), { recursive: true, force: true }).catch(() => undefined);
  }
}
