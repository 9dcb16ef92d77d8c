import { posix } from "node:path";
import type { LabFolder } from "./read/folder.ts";

/** The folder of a lab that becomes the learner's own. */
export const WORKSPACE = "workspace";

/** Files by path below a folder, with forward slashes; what they hold is not touched. */
export type Files = ReadonlyMap<string, Buffer>;

/** The files below a folder of the lab; a sentence when there are none or it leaves the lab. */
export function partOf(folder: LabFolder, path: string): Files | string {
  const clean = posix.normalize(path).replace(/\/$/, "");
  if (posix.isAbsolute(clean) || clean.split("/").includes("..")) return `"${path}" leaves the lab's folder`;
  const prefix = `${clean}/`;
  const found = [...folder.files].filter(([name]) => name.startsWith(prefix));
  if (found.length === 0) return `"${path}" is no folder with files`;
  return new Map(found.map(([name, content]) => [name.slice(prefix.length), content]));
}
