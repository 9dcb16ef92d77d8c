import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { engineInfo, engineIsLocal } from "./engine-info.ts";
import { gib, type Finding, type Probe } from "./finding.ts";

/** Free bytes where a folder lies or will lie. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}

/** Judges the smallest of some free spaces. Building the node image takes about 6 GiB, pulling it 2. */
export function judgeDisk(
  rt: Pick<Runtime, "program">,
  places: ReadonlyMap<string, number>,
): Omit<Finding, "id" | "name"> {
  const [[where, free] = ["", 0]] = [...places].sort((a, b) => a[1] - b[1]);
  const found = `${gib(free)} free in ${where}`;
  if (free >= 8 * 2 ** 30) return { level: "ok", found };
  const cure = `make room in ${where}: ${rt.program} down, then docker system df to see what else`;
  return { level: free >= 2 * 2 ** 30 ? "warn" : "missing", found, cure };
}

/** Is there room for images and clusters? */
export const diskProbe: Probe = {
  id: "disk",
  name: "disk",
  async look(rt) {
    const places = new Map([[rt.paths.data, await freeBytes(rt.paths.data)]]);
    if (await engineIsLocal(rt)) {
      const { DockerRootDir } = await engineInfo(rt);
      if (DockerRootDir !== "") places.set(DockerRootDir, await freeBytes(DockerRootDir));
    }
    return judgeDisk(rt, places);
  },
};
