import { readdir, rm, rmdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { usageError } from "../lib/errors.ts";
import { makeFolder } from "../lib/make-folder.ts";
import type { Runtime } from "../runtime.ts";

type Place = Pick<Runtime, "paths">;

/** The file by which a state folder is known as one. */
const marker = ".labs";
const markerText = "This folder holds the state of labs. What is in it may be removed by labs down.\n";

/** What labs itself writes into a state folder: known names, and beginnings of names. */
const stateNames: readonly RegExp[] = [
  /^lock(\..*)?$/,
  /^session\.json(\.next|\.lock.*)?$/,
  /^kubeconfig(\.next)?$/,
  /^sandboxes$/,
  /^workspace$/,
  /^prove(-\d+)?$/,
  /\.passed\.json(\.next)?$/,
];
/** What the person may want to have later: what they wrote, and what they did. */
const keptNames: readonly RegExp[] = [/^workspace\.kept(-\d+)?$/, /^sessions$/];

const isOneOf = (names: readonly RegExp[], file: string): boolean => names.some((name) => name.test(file));

/** Files that systems put into any folder. */
const isNobodys = (file: string): boolean => file === ".DS_Store" || file.startsWith(".nfs");

/**
 * Makes the state folder and marks it as one. Whoever removes things from it must have called this: a folder with other things in it, that labs
 * did not mark (LABS_HOME=$HOME), is refused (exit 2). Folders of version 0.1, which have no mark, are known by the names of their files.
 */
export async function ensureOwnHome({ paths: { home } }: Place): Promise<void> {
  await makeFolder(home, 0o700);
  const files = await readdir(home);
  if (files.includes(marker)) return;
  const foreign = files.find((file) => !isOneOf([...stateNames, ...keptNames], file) && !isNobodys(file));
  if (foreign !== undefined) {
    throw usageError(
      `LABS_HOME has to be a folder of its own, and ${home} holds other things (${foreign})`,
      `set LABS_HOME to a new folder, or unset it; if ${home} is labs' own: touch ${join(home, marker)}`,
    );
  }
  await writeFile(join(home, marker), markerText, { mode: 0o600 });
}

/**
 * Removes what labs keeps in the state folder, and the folder itself when nothing is left in it. Unless `everything`, what the person wrote and
 * the records of their sessions stay. Returns the paths of what stays, whoever put it there.
 */
export async function removeState({ paths: { home } }: Place, everything: boolean): Promise<readonly string[]> {
  const goes = everything ? [...stateNames, ...keptNames] : stateNames;
  const files = await readdir(home).catch((): string[] => []);
  const rest = files.filter((file) => !isOneOf(goes, file) && file !== marker && !isNobodys(file));
  for (const file of files.filter((one) => isOneOf(goes, one))) {
    await rm(join(home, file), { recursive: true, force: true });
  }
  if (rest.length > 0) return rest.map((file) => join(home, file));
  await rm(join(home, marker), { force: true });
  await rmdir(home).catch(() => undefined);
  return [];
}
