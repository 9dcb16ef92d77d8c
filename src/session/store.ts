import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { withFileLock } from "../lib/lock.ts";
import { makeFolder } from "../lib/make-folder.ts";
import type { Runtime } from "../runtime.ts";
import { sessionSchema } from "./schema.ts";
import type { Session } from "./session.ts";

function stateFile(rt: Runtime): string {
  return join(rt.paths.home, "session.json");
}

/** Writes a file whole or not at all, readable by its owner only. */
export async function writePrivate(file: string, text: string): Promise<void> {
  await makeFolder(dirname(file), 0o700);
  const next = `${file}.next`;
  await writeFile(next, text, { mode: 0o600 });
  await rename(next, file);
}

/** Instead of a session: none runs. A missing file says nothing. */
const idle = "null\n";

/** What the state file says. `idle`: no lab runs. `damaged`: there is one, and it cannot be read; ask the sandbox. */
export async function readState(rt: Runtime): Promise<{ session?: Session; idle?: true; damaged: boolean }> {
  let text: string;
  try {
    text = await readFile(stateFile(rt), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { damaged: false };
    throw error;
  }
  if (text === idle) return { idle: true, damaged: false };
  try {
    return { session: sessionSchema.parse(JSON.parse(text)), damaged: false };
  } catch {
    return { damaged: true };
  }
}

/** The running session by the state file alone; undefined without one. */
export async function readSession(rt: Runtime): Promise<Session | undefined> {
  return (await readState(rt)).session;
}

/** One writer at a time, in this process and among all: whoever changes what is there must not have read what another one is changing. */
async function alone<T>(rt: Runtime, work: () => Promise<T>): Promise<T> {
  const file = stateFile(rt);
  await makeFolder(dirname(file), 0o700);
  return withFileLock(`${file}.lock`, { pid: rt.host.pid, what: "writing the state file" }, work);
}

async function write(rt: Runtime, session: Session): Promise<void> {
  await writePrivate(stateFile(rt), `${JSON.stringify(session)}\n`);
}

/** Remembers a session; it replaces whatever was there. */
export async function saveSession(rt: Runtime, session: Session): Promise<void> {
  await alone(rt, () => write(rt, session));
}

/**
 * Changes the running session; throws when there is none. Changes come one after the other, also those of other processes, so none is lost as
 * long as `change` returns what it is given but for its own part.
 */
export async function updateSession(rt: Runtime, change: (session: Session) => Session): Promise<Session> {
  return alone(rt, async () => {
    const session = await readSession(rt);
    if (session === undefined) throw new Error("there is no session to change");
    const next = change(session);
    await write(rt, next);
    return next;
  });
}

/** Remembers that no lab runs, so that the next command need not wake a sandbox to ask it. The session's events stay. */
export async function endSession(rt: Runtime): Promise<void> {
  await alone(rt, () => writePrivate(stateFile(rt), idle));
}

/** Forgets whether a lab runs. Its events stay. */
export async function forgetSession(rt: Runtime): Promise<void> {
  await alone(rt, () => rm(stateFile(rt), { force: true }));
}
