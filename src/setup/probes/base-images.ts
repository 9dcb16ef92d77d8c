import { baseImages, type BaseImage } from "../../images/base-images.ts";
import { hasBaseImage } from "../base-images/find.ts";
import { engineVersion } from "../engine.ts";
import { rootObstacle } from "../node-image/root.ts";
import type { Probe } from "./finding.ts";

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
