import { engineVersion } from "../engine.ts";
import { findNodeImage } from "../node-image/find.ts";
import type { Probe } from "./finding.ts";

/** Is a node image of the pinned version there? */
export const nodeImageProbe: Probe = {
  id: "node-image",
  name: "node image",
  async look(rt) {
    await engineVersion(rt);
    const ref = await findNodeImage(rt);
    if (ref !== undefined) return { level: "ok", found: ref };
    return { level: "missing", found: "neither pulled nor built from this recipe", cure: `${rt.program} setup` };
  },
};
