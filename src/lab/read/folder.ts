import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { usageError } from "../../lib/errors.ts";

/** The files of a lab by path (forward slashes), read whole; nothing outside of it can be reached through this. */
export interface LabFolder {
  readonly dir: string;
  readonly files: ReadonlyMap<string, Buffer>;
}

/** What a lab folder may hold; far above any honest lab. */
export const folderLimits = { fileBytes: 1024 * 1024, totalBytes: 10_000_000, files: 500, depth: 10 } as const;

/** Not part of the lab: its proof names the digest of the rest. */
const PROOF = "proof.json";

function tooMuch(dir: string, what: string): Error {
  return usageError(`${dir} is no lab: ${what}`, "keep only what the lab needs in its folder");
}

function walk(dir: string, prefix: string, sizes: Map<string, number>): void {
  if (prefix.split("/").length > folderLimits.depth) throw tooMuch(dir, "its folders are nested too deep");
  for (const entry of readdirSync(join(dir, prefix), { withFileTypes: true })) {
    const path = prefix + entry.name;
    if (entry.name.startsWith(".") || path === PROOF) continue;
    if (entry.isDirectory()) {
      walk(dir, `${path}/`, sizes);
      continue;
    }
    if (entry.isSymbolicLink()) throw tooMuch(dir, `${path} is a symbolic link, which may leave the folder`);
    if (!entry.isFile()) throw tooMuch(dir, `${path} is not a regular file`);
    const { size } = lstatSync(join(dir, path));
    if (size > folderLimits.fileBytes) throw tooMuch(dir, `${path} is larger than 1 MiB`);
    sizes.set(path, size);
    if (sizes.size > folderLimits.files) throw tooMuch(dir, `it has more than ${folderLimits.files} files`);
    const total = [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (total > folderLimits.totalBytes) throw tooMuch(dir, "its files are larger than 10 MB together");
  }
}

function readNow(dir: string): LabFolder {
  const sizes = new Map<string, number>();
  walk(dir, "", sizes);
  const files = new Map<string, Buffer>();
  for (const path of [...sizes.keys()].sort()) files.set(path, readFileSync(join(dir, path)));
  return { dir, files };
}

/**
 * Reads a lab folder, dot files and its proof left out. Refuses links and what is too large before reading any of it. By calls that block:
 * `labs list` reads a thousand small files, and waiting for each on its own takes several times as long.
 */
export function readFolder(dir: string): Promise<LabFolder> {
  return new Promise((resolve) => {
    resolve(readNow(dir));
  });
}

/** SHA-256 over the sorted names and contents. */
export function folderDigest(folder: LabFolder): string {
  const hash = createHash("sha256");
  for (const path of [...folder.files.keys()].sort()) {
    const content = folder.files.get(path) ?? Buffer.alloc(0);
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex");
}
