import { copyFile, link, mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { cachePath } from "../cache.ts";
import { filesBelow } from "../digest.ts";

/** What goes into a build context: path in the context -> a file, a folder, or text. */
export type ContextFiles = Readonly<Record<string, { readonly from: string } | { readonly text: string }>>;

async function place(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  // Programs are large: a second name costs nothing. Not across file systems.
  await link(from, to).catch(() => copyFile(from, to));
}

async function fill(folder: string, files: ContextFiles): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, source] of Object.entries(files)) {
    const to = join(folder, path);
    if ("text" in source) {
      await mkdir(dirname(to), { recursive: true });
      // Never through a second name into the file of somebody else.
      await rm(to, { force: true });
      await writeFile(to, source.text);
    } else if ((await stat(source.from)).isDirectory()) {
      for (const file of await filesBelow(source.from)) await place(join(source.from, file), join(to, file));
    } else {
      await place(source.from, to);
    }
  }
}

/** Builds an image from a Dockerfile of the recipe and exactly these files. No network, no pull. */
export async function buildImage(
  rt: Runtime,
  image: {
    readonly tag: string;
    /** A file, or what is to stand in it. */
    readonly dockerfile: string | { readonly text: string };
    readonly files: ContextFiles;
    readonly base?: string;
    /** More build arguments. */
    readonly args?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
  },
): Promise<void> {
  const folder = cachePath(rt, `context-${rt.host.pid}-${image.tag.replaceAll(/[^a-z0-9.-]/g, "-")}`);
  try {
    const { dockerfile } = image;
    await fill(folder, {
      ...image.files,
      Dockerfile: typeof dockerfile === "string" ? { from: dockerfile } : dockerfile,
    });
    const labels = Object.entries(image.labels ?? {}).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
    const given = { ...image.args, ...(image.base === undefined ? {} : { BASE: image.base }) };
    const args = Object.entries(given).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
    await rt.exec(["docker", "build", "--force-rm", "--network", "none", ...labels, ...args, "-t", image.tag, folder], {
      // A plain image, not an index with a signed statement beside it.
      env: { BUILDX_NO_DEFAULT_ATTESTATIONS: "1" },
      timeoutMs: 1200_000,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
