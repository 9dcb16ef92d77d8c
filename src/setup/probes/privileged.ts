import { readFile } from "node:fs/promises";
import { engineInfo, engineIsLocal } from "./engine-info.ts";
import type { Probe } from "./finding.ts";

const sysResource = 1n << 24n;

/** Nodes are privileged containers; where CAP_SYS_RESOURCE is out of reach they start only through a runtime that does not ask for it. */
export function privilegedProbeAt(statusFile: string): Probe {
  return {
    id: "privileged",
    name: "privileged containers",
    async look(rt) {
      if (!(await engineIsLocal(rt))) return { level: "ok", found: "not asked: the engine runs elsewhere" };
      const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(await readFile(statusFile, "utf8"))?.[1];
      if (bounding === undefined || (BigInt(`0x${bounding}`) & sysResource) !== 0n)
        return { level: "ok", found: "possible" };
      const { DefaultRuntime } = await engineInfo(rt);
      if (DefaultRuntime !== "runc") return { level: "ok", found: `through the runtime ${DefaultRuntime}` };
      return {
        level: "missing",
        found: "this host lacks CAP_SYS_RESOURCE, and the engine's default runtime is runc",
        cure: rt.program.startsWith("npm ")
          ? `${rt.program} setup`
          : "register an OCI runtime without CAP_SYS_RESOURCE as default-runtime (scripts/bootstrap.sh of the source does it)",
      };
    },
  };
}

/** Asks this process's own bounding set. */
export const privilegedProbe = privilegedProbeAt("/proc/self/status");
