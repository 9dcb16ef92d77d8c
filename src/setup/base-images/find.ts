import { join } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { digestOf } from "../digest.ts";
import { imageLabel } from "../engine.ts";
import { goArch } from "../node-image/compile.ts";
import { debianSuite } from "../node-image/root.ts";
import { recipeLabel } from "../versions.ts";
import { baseImagesOf, type BaseImage, type BaseImageName } from "./base-images.ts";

/** Where the Dockerfiles lie. */
export function baseImageFolder(rt: Pick<Runtime, "paths">): string {
  return join(rt.paths.manifests, "base-images");
}

/** Digest of what decides a base image: its Dockerfile, its packages and the machine. */
export async function baseImageDigest(rt: Runtime, image: BaseImage): Promise<string> {
  const more = { image, suite: debianSuite, arch: goArch(rt) };
  return digestOf(baseImageFolder(rt), more, (file) => file === `${image.name}.Dockerfile`);
}

/** True when it is there, built from this very recipe. */
export async function hasBaseImage(rt: Runtime, image: BaseImage): Promise<boolean> {
  const [label, digest] = await Promise.all([imageLabel(rt, image.ref, recipeLabel), baseImageDigest(rt, image)]);
  return label === digest;
}

/** Those of the wanted ones that are missing. */
export async function missingBaseImages(rt: Runtime, names: readonly BaseImageName[]): Promise<readonly BaseImage[]> {
  const wanted = baseImagesOf(names);
  const there = await Promise.all(wanted.map((image) => hasBaseImage(rt, image)));
  return wanted.filter((_, index) => there[index] !== true);
}
