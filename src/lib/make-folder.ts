import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./errors.ts";

/** Makes one folder; false when it is there already. Throws the file system's error when a file is. */
async function makeOne(path: string, mode: number): Promise<boolean> {
  try {
    await mkdir(path, { mode });
    return true;
  } catch (error) {
    const there = await stat(path).catch(() => undefined);
    if (there?.isDirectory() === true) return false;
    throw error;
  }
}

/**
 * Makes a folder and those above it, as `mkdir -p` does. Returns the first one that was missing; undefined when all were there. Throws the file
 * system's error. Node's own recursive mkdir asks for ever where the system says that the folder above is missing although it is there (/proc).
 */
export async function makeFolder(path: string, mode = 0o777): Promise<string | undefined> {
  try {
    return (await makeOne(path, mode)) ? path : undefined;
  } catch (error) {
    if (errorCode(error) !== "ENOENT" || dirname(path) === path) throw error;
    const above = await makeFolder(dirname(path), mode);
    return (await makeOne(path, mode)) ? (above ?? path) : above;
  }
}
