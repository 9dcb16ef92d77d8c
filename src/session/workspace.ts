import { access, mkdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { folderDigest, readFolder } from "../lab/read/folder.ts";
import { WORKSPACE, type Files } from "../lab/workspace.ts";
import type { Runtime } from "../runtime.ts";
import { logEvent } from "./event-log.ts";
import type { Session } from "./session.ts";

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

/** A place beside the learner's folder where nothing was kept yet: workspace.kept, workspace.kept-2 and so on. */
async function freePlace(rt: Place): Promise<string> {
  const first = `${workspaceDir(rt)}.kept`;
  for (let number = 1; ; number += 1) {
    const place = number === 1 ? first : `${first}-${number}`;
    if (!(await exists(place))) return place;
  }
}

/**
 * Takes the learner's folder away at the end of a lab, or before it is laid down anew. What they wrote is kept, each time in a place of its own; a
 * folder as it was handed over is not worth that. Without a session nobody knows what was handed over, so all is kept. Returns where it is, when
 * something was kept; the session's journal says so too.
 */
export async function putWorkspaceAside(
  rt: Pick<Runtime, "paths" | "clock" | "version">,
  session: Pick<Session, "id" | "lab" | "workspace"> | undefined,
): Promise<string | undefined> {
  const now = await workspaceDigest(rt);
  if (now === undefined) return undefined;
  if (session !== undefined && (session.workspace === undefined || now === session.workspace)) {
    await removeWorkspace(rt);
    return undefined;
  }
  const kept = await freePlace(rt);
  await rename(workspaceDir(rt), kept);
  if (session !== undefined) await logEvent(rt, session, { type: "kept", path: kept });
  return kept;
}
