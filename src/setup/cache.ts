import { access, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { makeFolder } from "../lib/make-folder.ts";
import type { Runtime } from "../runtime.ts";

/** Where built artefacts are kept, so that an interrupted set-up goes on where it was. */
export function cachePath(rt: Pick<Runtime, "paths">, ...parts: string[]): string {
  return join(rt.paths.data, "cache", ...parts);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/**
 * The artefact at `path`, made by `make` unless it is there. It appears under its name only when it is whole: `make` writes to the draft
 * that it is given.
 */
export async function cached(
  rt: Pick<Runtime, "host">,
  path: string,
  make: (draft: string) => Promise<void>,
): Promise<string> {
  if (await exists(path)) return path;
  const draft = `${path}.draft-${rt.host.pid}`;
  await rm(draft, { recursive: true, force: true });
  await makeFolder(dirname(path));
  try {
    await make(draft);
    await rename(draft, path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return path;
}
