import { statSync } from "node:fs";
import { readdir, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { usageError } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { didYouMean } from "../format/nearest.ts";

function isLab(dir: string): boolean {
  try {
    return statSync(join(dir, "lab.yaml")).isFile();
  } catch {
    // No such file, or no right to look: either way not a lab.
    return false;
  }
}

/** Names of the folders in `dir` that are labs, sorted: those with a lab.yaml. */
async function labsIn(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return folders.filter((name) => isLab(join(dir, name))).sort();
}

/** Names of the labs in the library: every folder with a lab.yaml. */
export async function labNames(rt: Pick<Runtime, "paths">): Promise<string[]> {
  return labsIn(rt.paths.library);
}

function isPath(name: string): boolean {
  return name.includes("/") || name.startsWith(".");
}

/** The folder of a lab: a path (with a slash, or starting with a dot) or a name in the library. Exit 2 when there is none. */
export async function findLab(rt: Pick<Runtime, "paths" | "cwd" | "program">, name: string): Promise<string> {
  if (isPath(name)) {
    const dir = resolve(rt.cwd, name);
    if (!isLab(dir)) throw usageError(`there is no lab in ${dir}: no file lab.yaml`, `${rt.program} list`);
    return realpath(dir);
  }
  const names = await labNames(rt);
  if (names.includes(name)) return join(rt.paths.library, name);
  const here = isLab(resolve(rt.cwd, name)) ? `; the folder is ./${basename(name)}` : didYouMean(name, names);
  throw usageError(`there is no lab "${name}"${here}`, `${rt.program} list`);
}

/** Names and paths as {@link findLab} takes them: a path to a folder of labs, itself none, stands for all labs in it. Each once. */
export async function spreadFolders(rt: Pick<Runtime, "cwd">, names: readonly string[]): Promise<string[]> {
  const spread = await Promise.all(
    names.map(async (name) => {
      const dir = resolve(rt.cwd, name);
      if (!isPath(name) || isLab(dir)) return [name];
      // No folder, or none with labs: finding one lab there says what is wrong.
      const labs = await labsIn(dir).catch(() => []);
      return labs.length === 0 ? [name] : labs.map((lab) => join(dir, lab));
    }),
  );
  return [...new Map(spread.flat().map((name) => [isPath(name) ? resolve(rt.cwd, name) : name, name])).values()];
}
