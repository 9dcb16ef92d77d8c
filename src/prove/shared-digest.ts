import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Paths } from "../runtime.ts";

/** What all labs share, below the project's root. An installed program has no src; there nothing is recorded. */
const parts = ["go-app", "manifests", "src/system", "src/checks", "src/experiments", "src/verify"];

/** Built or downloaded, not source. */
const derived = /(^|\/)(prebuilt|node_modules)\//;

async function filesBelow(dir: string): Promise<string[]> {
  try {
    const entries = await readdir(dir, { withFileTypes: true, recursive: true });
    return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** SHA-256 over the sample service, shared manifests, checks and experiments; a change makes every lab due again. */
export async function sharedDigest(paths: Pick<Paths, "goApp">): Promise<string> {
  const root = dirname(paths.goApp);
  const found = await Promise.all(parts.map((part) => filesBelow(join(root, part))));
  const names = found
    .flat()
    .map((file) => relative(root, file))
    .filter((name) => !derived.test(name));
  const hash = createHash("sha256");
  for (const name of names.sort()) {
    hash.update(`${name}\0`);
    hash.update(await readFile(join(root, name)));
    hash.update("\0");
  }
  return hash.digest("hex").slice(0, 16);
}
