import { mkdir, mkdtemp, readdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The installed program, as a user has it. */
    labsBin: string;
  }
}

/** Packs the project and installs the tarball into an empty folder, once for all end-to-end tests. */
export default async function installPacked(project: TestProject): Promise<void> {
  const root = project.config.root;
  const dir = await mkdtemp(join(tmpdir(), "labs-packed-"));
  await execa("npm", ["pack", "--pack-destination", dir], { cwd: root });
  const tarball = (await readdir(dir)).find((name) => name.endsWith(".tgz")) ?? "";
  const place = join(dir, "installed");
  await mkdir(place);
  await writeFile(join(place, "package.json"), '{ "private": true }\n');
  await execa("npm", ["install", "--no-audit", "--no-fund", "--prefer-offline", join(dir, tarball)], { cwd: place });
  project.provide("labsBin", join(place, "node_modules", ".bin", "labs"));
}
