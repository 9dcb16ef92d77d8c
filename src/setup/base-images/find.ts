import type { Runtime } from "../../runtime.ts";
import { digestOf } from "../digest.ts";
import { imageLabel } from "../engine.ts";
import { goArch } from "../node-image/compile.ts";
import { debianSuite } from "../node-image/root.ts";
import { recipeLabel } from "../../images/versions.ts";
import { baseImageFolder, pulledBaseDigest } from "./pull.ts";
import { baseImagesOf, type BaseImage, type BaseImageName } from "../../images/base-images.ts";

/** Digest of what decides a base image: its Dockerfile, its packages and the machine. */
export async function baseImageDigest(rt: Runtime, image: BaseImage): Promise<string> {
  const more = { image, suite: debianSuite, arch: goArch(rt) };
  return digestOf(baseImageFolder(rt), more, (file) => file === `${image.name}.Dockerfile`);
}

/** True when it is there, made by this very recipe: out of packages, or on top of a pulled image. */
export async function hasBaseImage(rt: Runtime, image: BaseImage): Promise<boolean> {
  const [label, ...digests] = await Promise.all([
    imageLabel(rt, image.ref, recipeLabel),
    baseImageDigest(rt, image),
    pulledBaseDigest(rt, image),
  ]);
  return label !== undefined && digests.includes(label);
}

/** Those of the wanted ones that are missing. */
export async function missingBaseImages(rt: Runtime, names: readonly BaseImageName[]): Promise<readonly BaseImage[]> {
  const wanted = baseImagesOf(names);
  const there = await Promise.all(wanted.map((image) => hasBaseImage(rt, image)));
  return wanted.filter((_, index) => there[index] !== true);
}
