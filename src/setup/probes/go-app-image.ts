import { engineVersion } from "../engine.ts";
import { findGoAppImage } from "../go-app-image.ts";
import type { Probe } from "./finding.ts";

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
