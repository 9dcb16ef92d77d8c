import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { folderDigest, readFolder } from "../lab/read/folder.ts";
import { WORKSPACE, type Files } from "../lab/workspace.ts";
import type { Runtime } from "../runtime.ts";

type Place = Pick<Runtime, "paths">;

/** The learner's folder, or one inside it as a lab file names it (`workspace/api`). */
export function workspaceDir(rt: Place, path: string = WORKSPACE): string {
  return join(rt.paths.home, path);
}

/** Copies files over those of the learner's folder. Scripts can be run. */
export async function copyFiles(rt: Place, files: Files): Promise<void> {
  for (const [path, content] of files) {
    const to = join(workspaceDir(rt), path);
    await mkdir(dirname(to), { recursive: true, mode: 0o755 });
    // Not through a link into somebody else's file.
    await rm(to, { force: true });
    await writeFile(to, content, { mode: content.subarray(0, 2).toString() === "#!" ? 0o755 : 0o644 });
  }
}

/** Removes the learner's folder. */
export async function removeWorkspace(rt: Place): Promise<void> {
  await rm(workspaceDir(rt), { recursive: true, force: true });
}

/** Makes the learner's folder afresh; a lab without files has none. */
export async function layWorkspace(rt: Place, files: Files): Promise<void> {
  await removeWorkspace(rt);
  await copyFiles(rt, files);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** What is in the learner's folder, as a digest; undefined without one. */
export async function workspaceDigest(rt: Place): Promise<string | undefined> {
  const dir = workspaceDir(rt);
  if (!(await exists(dir))) return undefined;
  // What a lab's folder may not hold is certainly not what was handed over.
  return readFolder(dir).then(folderDigest, () => "changed");
}

/**
 * Takes the learner's folder away at the end of a lab. What they wrote is kept once, in the place of what was kept before; a folder as it was
 * handed over is not worth that. Returns where it is, when something was kept.
 */
export async function putWorkspaceAside(rt: Place, handedOver: string | undefined): Promise<string | undefined> {
  const now = await workspaceDigest(rt);
  if (now === undefined || handedOver === undefined || now === handedOver) {
    await removeWorkspace(rt);
    return undefined;
  }
  const kept = `${workspaceDir(rt)}.kept`;
  await rm(kept, { recursive: true, force: true });
  await rename(workspaceDir(rt), kept);
  return kept;
}
