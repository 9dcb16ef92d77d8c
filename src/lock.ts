import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
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
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold spaces; starttime is field 22 of proc(5).
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
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
  // A link appears with its content, so nobody reads half a lock.
  const draft = `${file}.${mine.pid}`;
  await writeFile(draft, text, { mode: 0o600 });
  for (;;) {
    try {
      await link(draft, file);
      await rm(draft, { force: true });
      return { release: () => rm(file, { force: true }) };
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    const found = await lockOwner(file);
    if (found !== undefined) {
      await rm(draft, { force: true });
      return { owner: found };
    }
    // Renaming first lets exactly one of several waiters clear a stale lock.
    const stale = `${file}.${mine.pid}.stale`;
    try {
      await rename(file, stale);
      await rm(stale, { force: true });
    } catch {
      // Somebody else cleared it.
    }
  }
}
