import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentError, lastLineOf } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { cachePath } from "../cache.ts";
import { ensureGo } from "../go-toolchain.ts";
import { buildImage, type ContextFiles } from "../node-image/context.ts";
import { debianRoot, rootObstacle } from "../node-image/root.ts";
import { withProgress } from "../progress.ts";
import { recipeLabel } from "../../images/versions.ts";
import type { BaseImage } from "../../images/base-images.ts";
import { baseImageDigest } from "./find.ts";
import { baseImageFolder, pullBaseImage, pulledBases, type PulledBases } from "./pull.ts";

/** What of a Go installation compiles programs; its tests and documents do not. */
const goParts = ["bin", "pkg", "src", "lib", "go.env", "VERSION"] as const;

/** The files of the toolchain that builds our own recipes; asked from a module, because that decides which toolchain it is. */
async function goFiles(rt: Runtime, note: (text: string) => void): Promise<ContextFiles> {
  const go = await ensureGo(rt, note);
  const { stdout } = await rt.exec([go, "env", "GOROOT"], { cwd: rt.paths.goApp, timeoutMs: 600_000 });
  return Object.fromEntries(goParts.map((part) => [`go/${part}`, { from: join(stdout.trim(), part) }]));
}

/** Gets a base image: on top of a pulled one, else out of Debian packages. */
export async function makeBaseImage(
  rt: Runtime,
  image: BaseImage,
  note: (text: string) => void,
  bases: PulledBases = pulledBases,
): Promise<void> {
  const pulled = await pullBaseImage(rt, image, note, bases);
  if (pulled.ok) return;
  const obstacle = await rootObstacle(rt);
  if (obstacle !== undefined) {
    throw environmentError(
      `the base image ${image.ref} can neither be pulled (${pulled.why}) nor built: ${obstacle.what}`,
      { cure: obstacle.cure },
    );
  }
  note(`building it instead: ${pulled.why}`);
  try {
    await buildBaseImage(rt, image, note);
  } catch (error) {
    if (rt.signal.aborted) throw error;
    throw environmentError(
      `the base image ${image.ref} could neither be pulled (${pulled.why}) nor built: ${lastLineOf(error)}`,
      {
        cure: "let the engine reach a registry (docker.io), or this machine a Debian mirror (LABS_DEBIAN_MIRROR), and try again",
        cause: error,
      },
    );
  }
}

/** Out of Debian packages; what was fetched or made before an interruption is not made again. */
async function buildBaseImage(rt: Runtime, image: BaseImage, note: (text: string) => void): Promise<void> {
  const root = await debianRoot(rt, note, image.packages);
  const work = cachePath(rt, `base-image-${image.name}-${rt.host.pid}`);
  await mkdir(work, { recursive: true });
  try {
    const files: Record<string, ContextFiles[string]> = image.go === true ? { ...(await goFiles(rt, note)) } : {};
    if (image.onlyFile === undefined) files["root.tar"] = { from: root };
    else {
      await rt.exec(["tar", "-C", work, "-xf", root, image.onlyFile]);
      files[image.name] = { from: join(work, image.onlyFile) };
    }
    const building = buildImage(rt, {
      tag: image.ref,
      dockerfile: join(baseImageFolder(rt), `${image.name}.Dockerfile`),
      files,
      labels: { [recipeLabel]: await baseImageDigest(rt, image) },
    });
    await withProgress(rt, building, { expectedSeconds: image.go === true ? 240 : 30, now: () => image.ref, note });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
