import { lstat, mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { environmentError, errorCode } from "./errors.ts";
import { makeFolder } from "./make-folder.ts";
import { serially } from "./serially.ts";

/** Who holds a lock. */
export interface LockOwner {
  readonly pid: number;
  /** What it is doing, as a command line reads: "labs start probes-storm". */
  readonly what: string;
  /** Start time of the process in kernel ticks, so that a reused pid is not taken for the owner; "" where unknown. */
  readonly born: string;
}

const owner = z.object({ pid: z.number().int().positive(), what: z.string(), born: z.string() });

/** The kernel's start time of a process; "" without /proc. */
async function birthOf(pid: number): Promise<string> {
  try {
    const line = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; starttime is field 22 of proc(5).
    return line.slice(line.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === "EPERM";
  }
}

/** What a lock file says: its live owner, `gone` when nobody who lives holds it, `unwritten` while there is no whole owner in it. */
async function readLock(file: string): Promise<LockOwner | "gone" | "unwritten"> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return "gone";
  }
  let found: LockOwner;
  try {
    found = owner.parse(JSON.parse(text));
  } catch {
    return "unwritten";
  }
  if (!alive(found.pid)) return "gone";
  return found.born !== "" && (await birthOf(found.pid)) !== found.born ? "gone" : found;
}

/** The live owner of a lock file; undefined when it is free, or its owner is gone. */
export async function lockOwner(file: string): Promise<LockOwner | undefined> {
  const found = await readLock(file);
  return typeof found === "string" ? undefined : found;
}

/** Milliseconds after which a guard, or a file without an owner in it, is taken for one that a crash left behind. Its makers need a few. */
const leftBehindMs = { guard: 10_000, unwritten: 1000 };
/** Milliseconds to wait after so many tries: at first as long as a write takes, later so that waiting costs nothing. */
const retryMs = (tries: number): number => Math.min(3 * 1.5 ** tries, 100);
/** Milliseconds after which a lock that can be neither taken nor cleared is given up. */
const giveUpMs = 30_000;

/** Creates a file or folder that must not be there yet; undefined when it is. */
async function createNew<T>(make: () => Promise<T>): Promise<T | undefined> {
  try {
    return await make();
  } catch (error) {
    if (errorCode(error) === "EEXIST") return undefined;
    throw error;
  }
}

/** True when it was last changed so long ago, or in the future: then the clock was set since, and tells nothing. */
async function isOlder(path: string, ms: number): Promise<boolean> {
  const made = await stat(path).catch(() => undefined);
  return made !== undefined && Math.abs(Date.now() - made.mtimeMs) > ms;
}

/**
 * Removes a lock whose owner is gone. One process at a time, which looks again: what it saw before may have been cleared and taken by somebody
 * else since.
 */
async function clearStale(file: string): Promise<void> {
  const guard = `${file}.clearing`;
  if ((await createNew(() => mkdir(guard).then(() => true))) === undefined) {
    if (await isOlder(guard, leftBehindMs.guard)) await rm(guard, { recursive: true, force: true });
    return;
  }
  try {
    // A link to nowhere is there, and cannot be read.
    const there = await lstat(file).catch(() => undefined);
    if (there?.isDirectory() === true) {
      throw environmentError(`the lock ${file} is a folder, which labs does not make`, { cure: `move ${file} away` });
    }
    if (there === undefined || (await lockOwner(file)) !== undefined) return;
    const stale = `${file}.stale`;
    await rename(file, stale);
    // Between our look and the move another process may have taken the lock: then what we moved is its lock, and goes back.
    if ((await lockOwner(stale)) === undefined) await rm(stale, { force: true });
    else await rename(stale, file);
  } finally {
    await rm(guard, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Makes the lock file with this text; false when there is one. It is empty for a moment, so readers give its maker time to write. */
async function createLock(file: string, text: string): Promise<boolean> {
  const made = await createNew(() => open(file, "wx", 0o600));
  if (made === undefined) return false;
  try {
    await made.writeFile(text);
  } catch (error) {
    // On a full disk an empty file can be made, and would stay.
    await rm(file, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await made.close();
  }
  // Somebody who took it for left behind, because this process was held up, has it now.
  return (await readFile(file, "utf8").catch(() => "")) === text;
}

/**
 * Takes a lock file that lives as long as this process; a crashed owner's lock is taken over. Needs nothing of the file system but that a file
 * can be created once. Returns the release function, or the live owner when somebody else has it; throws a LabsError (exit 3) when it can be
 * neither taken nor cleared within 30 s.
 */
export async function takeLock(
  file: string,
  mine: { readonly pid: number; readonly what: string },
): Promise<{ readonly release: () => Promise<void> } | { readonly owner: LockOwner }> {
  await makeFolder(dirname(file));
  const text = JSON.stringify({ ...mine, born: await birthOf(mine.pid) });
  const started = performance.now();
  let unwrittenSince: number | undefined;
  for (let tries = 0; ; tries++) {
    if (await createLock(file, text)) return { release: () => rm(file, { force: true }) };
    const found = await readLock(file);
    if (typeof found !== "string") return { owner: found };
    unwrittenSince = found === "unwritten" ? (unwrittenSince ?? performance.now()) : undefined;
    const waited = unwrittenSince === undefined ? 0 : performance.now() - unwrittenSince;
    const beingWritten = found === "unwritten" && waited < leftBehindMs.unwritten;
    if (!beingWritten || (await isOlder(file, leftBehindMs.unwritten))) await clearStale(file);
    if (performance.now() - started > giveUpMs) {
      throw environmentError(`the lock ${file} can be neither taken nor cleared`, { cure: `remove ${file}` });
    }
    await sleep(retryMs(tries));
  }
}

/**
 * Runs short work while nobody else holds this lock file: calls of this process in their order, other processes before or after it. Throws a
 * LabsError (exit 3) when another process holds it for 30 s.
 */
export async function withFileLock<T>(
  file: string,
  mine: { readonly pid: number; readonly what: string },
  work: () => Promise<T>,
): Promise<T> {
  return serially(file, async () => {
    const started = performance.now();
    for (let tries = 0; ; tries++) {
      const taken = await takeLock(file, mine);
      if ("release" in taken) {
        try {
          return await work();
        } finally {
          await taken.release();
        }
      }
      if (performance.now() - started > giveUpMs) {
        throw environmentError(`process ${taken.owner.pid} holds ${file} and does not let go of it`, {
          cure: `end that process, or remove ${file} if it is none of ours`,
        });
      }
      await sleep(retryMs(tries));
    }
  });
}
