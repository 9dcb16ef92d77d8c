import { readdir, realpath, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { usageError } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { didYouMean } from "../format/nearest.ts";

async function isLab(dir: string): Promise<boolean> {
  try {
    return (await stat(join(dir, "lab.yaml"))).isFile();
  } catch {
    // No such file, or no right to look: either way not a lab.
    return false;
  }
}

/** Names of the labs in the library: every folder with a lab.yaml. */
export async function labNames(rt: Pick<Runtime, "paths">): Promise<string[]> {
  const entries = await readdir(rt.paths.library, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const labs = await Promise.all(folders.map((name) => isLab(join(rt.paths.library, name))));
  return folders.filter((_name, index) => labs[index]).sort();
}

/** The folder of a lab: a path (with a slash, or starting with a dot) or a name in the library. Exit 2 when there is none. */
export async function findLab(rt: Pick<Runtime, "paths" | "cwd" | "program">, name: string): Promise<string> {
  if (name.includes("/") || name.startsWith(".")) {
    const dir = resolve(rt.cwd, name);
    if (!(await isLab(dir))) throw usageError(`there is no lab in ${dir}: no file lab.yaml`, `${rt.program} list`);
    return realpath(dir);
  }
  const names = await labNames(rt);
  if (names.includes(name)) return join(rt.paths.library, name);
  const here = (await isLab(resolve(rt.cwd, name))) ? `; the folder is ./${basename(name)}` : didYouMean(name, names);
  throw usageError(`there is no lab "${name}"${here}`, `${rt.program} list`);
}
