import { randomBytes } from "node:crypto";
import { link, mkdir, readFile, rm, rmdir, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { z } from "zod";

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
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** The live owner of a lock file; undefined when it is free, or its owner is gone. */
export async function lockOwner(file: string): Promise<LockOwner | undefined> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch {
    return undefined;
  }
  try {
    const found = owner.parse(JSON.parse(text));
    if (!alive(found.pid)) return undefined;
    return found.born !== "" && (await birthOf(found.pid)) !== found.born ? undefined : found;
  } catch {
    return undefined;
  }
}

/** Clearing takes a moment; a guard older than this is left from a crash. */
const clearingMs = 10_000;

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);

/**
 * Removes a lock whose owner is gone. One process at a time, which looks again: what it saw before may have been cleared and taken by somebody
 * else since.
 */
async function clearStale(file: string): Promise<void> {
  const guard = `${file}.clearing`;
  try {
    await mkdir(guard);
  } catch (error) {
    if (codeOf(error) !== "EEXIST") throw error;
    const made = await stat(guard).catch(() => undefined);
    if (made !== undefined && Date.now() - made.mtimeMs > clearingMs) await rmdir(guard).catch(() => undefined);
    return;
  }
  try {
    // A file that is gone must not be removed: the next one under its name is somebody's.
    const there = await stat(file).catch(() => undefined);
    if (there !== undefined && (await lockOwner(file)) === undefined) await rm(file, { force: true });
  } finally {
    await rmdir(guard).catch(() => undefined);
  }
}

/**
 * Takes a lock file that lives as long as this process; a crashed owner's lock is taken over. Returns the release function, or the live owner
 * when somebody else has it.
 */
export async function takeLock(
  file: string,
  mine: { readonly pid: number; readonly what: string },
): Promise<{ readonly release: () => Promise<void> } | { readonly owner: LockOwner }> {
  await mkdir(dirname(file), { recursive: true });
  const text = JSON.stringify({ ...mine, born: await birthOf(mine.pid) });
  // A link appears with its content, so nobody reads half a lock. Two parts of one process may want it at once.
  const draft = `${file}.${mine.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, text, { mode: 0o600 });
  for (;;) {
    try {
      await link(draft, file);
      await rm(draft, { force: true });
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if (codeOf(error) !== "EEXIST") throw error;
    }
    const found = await lockOwner(file);
    if (found !== undefined) {
      await rm(draft, { force: true });
      return { owner: found };
    }
    await clearStale(file);
  }
}
