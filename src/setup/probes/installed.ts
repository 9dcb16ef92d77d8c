import { type BaseImage, baseImages } from "../../images/base-images.ts";
import { versions } from "../../images/versions.ts";
import { hasBaseImage } from "../base-images/find.ts";
import { engineVersion } from "../engine.ts";
import { findGoAppImage } from "../go-app-image.ts";
import { findKind } from "../kind-tool.ts";
import { findKubectl, kubectlVersion } from "../kubectl-tool.ts";
import { findNodeImage } from "../node-image/find.ts";
import { namedNodeImage } from "../node-image/fit.ts";
import { rootObstacle } from "../node-image/root.ts";
import type { Probe } from "./probe.ts";

/** Is kind of our version there? */
export const kindProbe: Probe = {
  id: "kind",
  name: "kind",
  async look(rt) {
    const path = await findKind(rt);
    if (path !== undefined) return { level: "ok", found: `${versions.kind} ${path}` };
    return { level: "missing", found: `no kind ${versions.kind}`, cure: `${rt.program} setup` };
  },
};

/** Is a kubectl there that fits our clusters? */
export const kubectlProbe: Probe = {
  id: "kubectl",
  name: "kubectl",
  async look(rt) {
    const path = await findKubectl(rt);
    if (path !== undefined) return { level: "ok", found: `${(await kubectlVersion(rt, path)) ?? "?"} ${path}` };
    return {
      level: "missing",
      found: `none within one minor version of ${versions.kubernetes}`,
      cure: `${rt.program} setup`,
    };
  },
};

/** Is a node image of the pinned version there? */
export const nodeImageProbe: Probe = {
  id: "node-image",
  name: "node image",
  async look(rt) {
    await engineVersion(rt);
    const ref = await findNodeImage(rt);
    if (ref !== undefined) return { level: "ok", found: ref };
    const named = namedNodeImage(rt);
    const found =
      named === undefined
        ? "neither pulled nor built from this recipe"
        : `LABS_NODE_IMAGE names ${named}, and none was made from it`;
    return { level: "missing", found, cure: `${rt.program} setup` };
  },
};

/** Is the sample service's image there, built from the source that came with this program? */
export const goAppImageProbe: Probe = {
  id: "sample-service",
  name: "sample service",
  async look(rt) {
    await engineVersion(rt);
    const ref = await findGoAppImage(rt);
    if (ref !== undefined) return { level: "ok", found: ref };
    return { level: "missing", found: "not built from this source", cure: `${rt.program} setup` };
  },
};

/** A base image that is not there is no trouble: the first lab that needs it gets it. It may be one where it can only be pulled. */
function baseImageProbe(image: BaseImage): Probe {
  return {
    id: `base-image-${image.name}`,
    name: `base image ${image.name}`,
    async look(rt) {
      await engineVersion(rt);
      if (await hasBaseImage(rt, image)) return { level: "ok", found: image.ref };
      const obstacle = await rootObstacle(rt);
      if (obstacle === undefined) return { level: "ok", found: "not there yet: the first lab that needs it gets it" };
      return {
        level: "warn",
        found: `not there yet; without a registry it could not be built: ${obstacle.what}`,
        cure: `${rt.program} setup --images${rt.host.platform === "linux" ? `; where no registry answers, first ${obstacle.cure}` : ""}`,
      };
    },
  };
}

/** One row for each base image. */
export const baseImageProbes: readonly Probe[] = baseImages.map(baseImageProbe);
