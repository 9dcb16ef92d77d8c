import { join } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { digestOf } from "../digest.ts";
import { imageLabel } from "../engine.ts";
import { builtNodeImage, pulledNodeImage, recipeLabel, versions } from "../../images/versions.ts";
import { goArch } from "./compile.ts";
import { findFitted, namedNodeImage } from "./fit.ts";
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

/**
 * A node image that may be used: built from this very recipe, else fitted from the pulled one; where LABS_NODE_IMAGE names one, fitted from that and
 * nothing else. Undefined when it is not there.
 */
export async function findNodeImage(rt: Runtime, pullRef: string = pulledNodeImage): Promise<string | undefined> {
  const named = namedNodeImage(rt);
  if (named !== undefined) return findFitted(rt, named);
  const [built, fitted, digest] = await Promise.all([
    imageLabel(rt, builtNodeImage, recipeLabel),
    findFitted(rt, pullRef),
    nodeRecipeDigest(rt),
  ]);
  return built === digest ? builtNodeImage : fitted;
}
