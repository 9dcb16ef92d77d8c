import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Runtime } from "../runtime.ts";
import type { Session } from "./session.ts";

const event = z.looseObject({ type: z.string() });

/** One line of a session's events.jsonl. */
export type SessionEvent = z.infer<typeof event>;

function parseLine(line: string): SessionEvent[] {
  try {
    return [event.parse(JSON.parse(line))];
  } catch {
    // A line cut short by a crash; the others still tell their part.
    return [];
  }
}

/** What was logged of a session, oldest first; empty when nothing was. */
export async function readEvents(rt: Pick<Runtime, "paths">, session: Pick<Session, "id">): Promise<SessionEvent[]> {
  try {
    const text = await readFile(join(rt.paths.home, "sessions", session.id, "events.jsonl"), "utf8");
    return text.split("\n").flatMap((line) => (line === "" ? [] : parseLine(line)));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}
