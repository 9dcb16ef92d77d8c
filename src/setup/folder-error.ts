import { stat, statfs } from "node:fs/promises";
import { isAbsolute, relative } from "node:path";
import { environmentError, type LabsError } from "../lib/errors.ts";
import type { Paths } from "../runtime.ts";

/** A folder of ours, and how the person puts it somewhere else. */
interface Folder {
  readonly path: string;
  readonly what: string;
  readonly elsewhere: string;
}

/** Below this many free bytes a disk counts as full: some file systems keep a rest that nobody can have. */
const fullBytes = 1024 * 1024;

function holds(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (!way.startsWith("..") && !isAbsolute(way));
}

async function isFull(folder: string): Promise<boolean> {
  const stats = await statfs(folder).catch(() => undefined);
  return stats !== undefined && (stats.bavail * stats.bsize < fullBytes || (stats.files > 0 && stats.ffree === 0));
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() === true;
}

/** What keeps a folder from being used, and what to do about it; undefined for codes that are none of a folder's. */
function obstacle(
  error: Error & { readonly code: unknown; readonly syscall?: unknown },
  { path, elsewhere }: Folder,
  isThere: boolean,
): { what: string; cure: string } | undefined {
  switch (error.code) {
    case "EACCES":
    case "EPERM":
      // What is not there cannot be given to somebody.
      if (!isThere) return { what: "can be neither made nor entered by this user", cure: elsewhere };
      return {
        what: "does not let this user read and write",
        cure: `sudo chown -R "$(id -u):$(id -g)" ${path}, or ${elsewhere}`,
      };
    case "EROFS":
      return { what: "is read-only", cure: elsewhere };
    case "ENOSPC":
    case "EDQUOT":
      return { what: "has no space left", cure: `make room there (df -h ${path}), or ${elsewhere}` };
    case "ENOTDIR":
    case "EEXIST":
      return { what: "is not a folder, or lies below a file", cure: `move that file away, or ${elsewhere}` };
    case "ENOENT":
    case "EINVAL":
    case "ENAMETOOLONG":
      // A file that is missing is another matter.
      return error.syscall === "mkdir" ? { what: "cannot be made there", cure: elsewhere } : undefined;
    case "EIO":
    case "ESTALE":
    case "ENOTCONN":
      return { what: "cannot be read or written, its disk or share fails", cure: elsewhere };
    default:
      return undefined;
  }
}

/**
 * The sentence for an error of the file system in one of our folders (exit 3): not ours to write, read-only, full, broken, or no folder.
 * Undefined for every other error, and for other places.
 */
export async function folderError(error: unknown, paths: Paths): Promise<LabsError | undefined> {
  if (!(error instanceof Error) || !("code" in error)) return undefined;
  const folders: readonly Folder[] = [
    { path: paths.home, what: "state folder", elsewhere: "set LABS_HOME to a folder of yours" },
    { path: paths.data, what: "folder of tools", elsewhere: "set XDG_DATA_HOME to a folder of yours" },
  ];
  const path = "path" in error && typeof error.path === "string" ? error.path : undefined;
  let folder: Folder | undefined;
  for (const one of folders) {
    // A write that finds the disk full does not say where. A folder above ours is named where ours cannot be made.
    const isIt = path === undefined ? await isFull(one.path) : holds(one.path, path) || holds(path, one.path);
    if (isIt) folder ??= one;
  }
  if (folder === undefined) return undefined;
  const found = obstacle(error, folder, await isFolder(folder.path));
  if (found === undefined) return undefined;
  return environmentError(`the ${folder.what} ${folder.path} ${found.what}`, { cure: found.cure, cause: error });
}
