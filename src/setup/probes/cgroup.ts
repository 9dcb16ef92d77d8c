import { engineInfo } from "./engine-info.ts";
import type { Probe } from "./finding.ts";

/** Both versions work; on version 1 the kubelet is told that it may run. */
export const cgroupProbe: Probe = {
  id: "cgroup",
  name: "cgroup",
  async look(rt) {
    const { CgroupVersion } = await engineInfo(rt);
    if (CgroupVersion === "2") return { level: "ok", found: "version 2" };
    if (CgroupVersion === "1") return { level: "ok", found: "version 1 (clusters are told to accept it)" };
    return { level: "warn", found: "the engine does not say its version", cure: "update Docker to 20.10 or newer" };
  },
};
