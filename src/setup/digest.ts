import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";

/** Every file below a folder, relative to it, in a fixed order. */
export async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** A digest of names and contents below a folder, and of anything else that decides what is built from it. */
export async function digestOf(
  folder: string,
  more: unknown,
  wanted: (file: string) => boolean = () => true,
): Promise<string> {
  const hash = createHash("sha256").update(JSON.stringify(more));
  for (const file of await filesBelow(folder)) {
    if (!wanted(file)) continue;
    const content = await readFile(join(folder, file));
    hash.update(`\0${file}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}
