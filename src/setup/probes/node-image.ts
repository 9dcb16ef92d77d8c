import { engineVersion } from "../engine.ts";
import { findNodeImage } from "../node-image/find.ts";
import { namedNodeImage } from "../node-image/fit.ts";
import type { Probe } from "./finding.ts";

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
