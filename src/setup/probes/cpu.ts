import { engineInfo } from "./engine-info.ts";
import type { Probe } from "./finding.ts";

/** Labs are proven on two CPUs. */
export const cpuProbe: Probe = {
  id: "cpu",
  name: "CPU",
  async look(rt) {
    const { NCPU } = await engineInfo(rt);
    const found = NCPU === 1 ? "1 CPU" : `${NCPU} CPUs`;
    if (NCPU >= 2) return { level: "ok", found };
    return {
      level: "warn",
      found,
      cure: "give the engine's machine 2 CPUs; with fewer, time limits of labs may be missed",
    };
  },
};
