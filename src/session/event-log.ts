import { appendFile, open, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { serially } from "../lib/serially.ts";
import { makeFolder } from "../lib/make-folder.ts";
import type { Runtime } from "../runtime.ts";
import { type EventBody, type SessionEvent, eventLine, parseEvent } from "./events.ts";
import type { Session } from "./session.ts";

type Place = Pick<Runtime, "paths">;

/** Folder of what is kept of a session after its end: its events, and what the learner wrote. */
export function sessionDir(rt: Place, session: Pick<Session, "id">): string {
  return join(rt.paths.home, "sessions", session.id);
}

/** The file with a session's events, a line each. */
export function eventsFile(rt: Place, session: Pick<Session, "id">): string {
  return join(sessionDir(rt, session), "events.jsonl");
}

/** True when the file ends in the middle of a line, because its writer was killed. */
async function endsTorn(file: string): Promise<boolean> {
  const there = await open(file, "r").catch(() => undefined);
  if (there === undefined) return false;
  try {
    const { size } = await there.stat();
    if (size === 0) return false;
    const { buffer } = await there.read({ buffer: Buffer.alloc(1), position: size - 1 });
    return buffer.toString() !== "\n";
  } finally {
    await there.close();
  }
}

/**
 * Appends to the session's events.jsonl as it happens, in the order of the calls. Each line has the lab, the time and the version of the program;
 * none is ever rewritten.
 */
export async function logEvent(
  rt: Pick<Runtime, "paths" | "clock" | "version">,
  session: Pick<Session, "id" | "lab">,
  event: EventBody,
): Promise<void> {
  const file = eventsFile(rt, session);
  const about = { v: 1, at: new Date(rt.clock.now()).toISOString(), program: rt.version, lab: session.lab.id } as const;
  const line = eventLine(about, event);
  await serially(file, async () => {
    await makeFolder(dirname(file), 0o700);
    await appendFile(file, (await endsTorn(file)) ? `\n${line}` : line, { mode: 0o600 });
  });
}

/** The journal of a session for work that tells much while it runs. */
export interface EventLog {
  /** Writes behind what was written before, at once, without being waited for. */
  write(event: EventBody): void;
  /** Resolves once all of it is written; rejects with the first error. */
  flush(): Promise<void>;
}

/** Resolves or rejects, with the first error, once all of them have ended. */
async function allEnded(works: readonly Promise<unknown>[]): Promise<void> {
  await Promise.allSettled(works);
  await Promise.all(works);
}

/** The journal of a session, open for writing. */
export function openEventLog(
  rt: Pick<Runtime, "paths" | "clock" | "version">,
  session: Pick<Session, "id" | "lab">,
): EventLog {
  let written: Promise<unknown> = Promise.resolve();
  return {
    write(event) {
      written = allEnded([written, logEvent(rt, session, event)]);
      // Told by flush; until then it must not end the program.
      written.catch(() => undefined);
    },
    async flush() {
      await written;
    },
  };
}

function eventsIn(text: string): SessionEvent[] {
  return text.split("\n").flatMap((line) => (line === "" ? [] : (parseEvent(line) ?? [])));
}

/** What was logged of a session, oldest first; empty when nothing was. Kinds that this version does not know are left out. */
export async function readEvents(rt: Place, session: Pick<Session, "id">): Promise<SessionEvent[]> {
  try {
    return eventsIn(await readFile(eventsFile(rt, session), "utf8"));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Removes the records of all sessions of this home, with what was kept of the learner's work in them: for proofs, which nobody reads later. */
export async function removeSessionRecords(rt: Place): Promise<void> {
  await rm(join(rt.paths.home, "sessions"), { recursive: true, force: true });
}

/** Milliseconds between two looks at a file that is followed. */
const FOLLOW_EVERY_MS = 100;
const CHUNK_BYTES = 64 * 1024;

/** All whole lines of a file from a place on, and the place behind them. */
async function wholeLines(file: string, from: number): Promise<{ readonly text: string; readonly next: number }> {
  const there = await open(file, "r");
  try {
    const parts: Buffer[] = [];
    for (let at = from; ;) {
      const { bytesRead, buffer } = await there.read({ buffer: Buffer.alloc(CHUNK_BYTES), position: at });
      if (bytesRead === 0) break;
      parts.push(buffer.subarray(0, bytesRead));
      at += bytesRead;
    }
    const read = Buffer.concat(parts);
    // The rest of a line may still be on its way, or never come.
    const end = read.lastIndexOf("\n") + 1;
    return { text: read.subarray(0, end).toString("utf8"), next: from + end };
  } finally {
    await there.close();
  }
}

/**
 * The events in a file, oldest first, and then each one soon after it is written, by this process or another, until the signal is aborted. The
 * file need not be there yet. A line without its end is waited for; one that never gets it is left out.
 */
export async function* followEvents(file: string, signal: AbortSignal): AsyncGenerator<SessionEvent, void, undefined> {
  let from = 0;
  while (!signal.aborted) {
    const size = await stat(file).then(
      (one) => one.size,
      () => 0,
    );
    if (size > from) {
      const { text, next } = await wholeLines(file, from);
      from = next;
      for (const event of eventsIn(text)) {
        if (signal.aborted) return;
        yield event;
      }
    }
    await sleep(FOLLOW_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
