import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { environmentError, errorCode, type LabsError, messageOf, usageError } from "./errors.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "this user may not read or write it",
  EPERM: "this user may not read or write it",
  EROFS: "the disk is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk is full",
  ENOENT: "there is no such file or folder",
  ENOTDIR: "something above it is no folder",
  EISDIR: "it is a folder",
  ELOOP: "its links go in a circle",
  ENAMETOOLONG: "its name is too long",
  EIO: "the disk fails",
};

/** Why a file could not be read or written, in plain words. */
function reasonOf(error: unknown): string {
  const code = errorCode(error);
  return (typeof code === "string" ? reasons[code] : undefined) ?? messageOf(error);
}

/**
 * The sentence for a file that the system refuses to read or write, with its path (exit 3). Undefined for every other error. For what nobody
 * along the way has told in better words.
 */
export function fileError(error: unknown): LabsError | undefined {
  if (!(error instanceof Error) || !("syscall" in error) || typeof errorCode(error) !== "string") return undefined;
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  if (path === undefined && errorCode(error) !== "ENOSPC" && errorCode(error) !== "EDQUOT") return undefined;
  return environmentError(`${path ?? "a file"} cannot be used: ${reasonOf(error)}`, { cause: error });
}

/** Writes a report where the person asked for it; a path below `cwd` unless it is absolute. Exit 2 when it cannot be written. */
export async function writeReport(cwd: string, path: string, text: string): Promise<void> {
  const file = resolve(cwd, path);
  try {
    await writeFile(file, text);
  } catch (error) {
    throw usageError(`the report ${file} could not be written: ${reasonOf(error)}`, "name a file that can be written");
  }
}
