import { join } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { digestOf } from "../digest.ts";
import { imageLabel } from "../engine.ts";
import { builtNodeImage, pulledNodeImage, recipeLabel, versions } from "../versions.ts";
import { goArch } from "./compile.ts";
import { compiledAs, kubernetesModule, nodeModules } from "./modules.ts";
import { debianPackages, debianSuite } from "./root.ts";

/** Digest of everything that decides what the built node image is. */
export async function nodeRecipeDigest(rt: Runtime): Promise<string> {
  const modules = [kubernetesModule, ...nodeModules].map(compiledAs);
  return digestOf(join(rt.paths.manifests, "node-image"), {
    modules,
    kubernetes: versions.kubernetes,
    debian: [debianSuite, debianPackages],
    arch: goArch(rt),
  });
}

/** A node image that may be used: built from this very recipe, or pulled by digest. Undefined when neither is there. */
export async function findNodeImage(rt: Runtime, pullRef: string = pulledNodeImage): Promise<string | undefined> {
  const [built, pulled, digest] = await Promise.all([
    imageLabel(rt, builtNodeImage, recipeLabel),
    imageLabel(rt, pullRef, recipeLabel),
    nodeRecipeDigest(rt),
  ]);
  if (built === digest) return builtNodeImage;
  return pulled === undefined ? undefined : pullRef;
}
