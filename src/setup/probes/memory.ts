import { engineInfo } from "./engine-info.ts";
import { gib, type Probe } from "./finding.ts";

const enough = 3.5 * 2 ** 30;
const least = 1.8 * 2 ** 30;

/** A cluster with two workers takes about 1.4 GiB, the labs in it as much again. */
export const memoryProbe: Probe = {
  id: "memory",
  name: "memory",
  async look(rt) {
    const { MemTotal } = await engineInfo(rt);
    if (MemTotal >= enough) return { level: "ok", found: gib(MemTotal) };
    return {
      level: MemTotal >= least ? "warn" : "missing",
      found: gib(MemTotal),
      cure: "give the engine's machine 4 GiB of memory (Docker Desktop: Settings, Resources)",
    };
  },
};
