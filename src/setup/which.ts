import { access, constants } from "node:fs/promises";
import { basename, delimiter, dirname, join } from "node:path";
import type { Runtime } from "../runtime.ts";

/** True when the file may be executed. */
export async function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The first program of this name on PATH. */
export async function which(rt: Pick<Runtime, "env">, name: string): Promise<string | undefined> {
  return firstIn((rt.env["PATH"] ?? "").split(delimiter), name);
}

/** PATH as root has it: beside each folder "bin" its "sbin", which other users mostly lack. */
export function rootPath(rt: Pick<Runtime, "env">): string {
  const folders = (rt.env["PATH"] ?? "").split(delimiter);
  const more = folders.filter((folder) => basename(folder) === "bin").map((folder) => join(dirname(folder), "sbin"));
  return [...new Set([...folders, ...more])].join(delimiter);
}

/** The first program of this name where root would find it. */
export async function whichForRoot(rt: Pick<Runtime, "env">, name: string): Promise<string | undefined> {
  return firstIn(rootPath(rt).split(delimiter), name);
}

async function firstIn(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    if (folder !== "" && (await isExecutable(join(folder, name)))) return join(folder, name);
  }
  return undefined;
}
