import { engineVersion } from "../engine.ts";
import type { Probe } from "./finding.ts";

/** Does a Docker engine answer? */
export const engineProbe: Probe = {
  id: "engine",
  name: "Docker engine",
  async look(rt) {
    return { level: "ok", found: await engineVersion(rt) };
  },
};
