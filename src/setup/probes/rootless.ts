import { engineInfo, type EngineInfo } from "./engine-info.ts";
import type { Finding, Probe } from "./finding.ts";

const delegate =
  'printf "[Service]\\nDelegate=cpu cpuset io memory pids\\n" | sudo install -D -m 644 /dev/stdin ' +
  "/etc/systemd/system/user@.service.d/delegate.conf; sudo systemctl daemon-reload; then restart the machine";

/** An engine of an ordinary user can limit containers only with version 2 of cgroups, and where systemd hands the controllers over. */
export function judgeRootless(info: EngineInfo): Omit<Finding, "id" | "name"> {
  if (!info.SecurityOptions.some((option) => option.split(",").includes("name=rootless")))
    return { level: "ok", found: "no, the engine runs as root" };
  if (info.CgroupVersion !== "2") {
    return {
      level: "missing",
      found: "a rootless engine on cgroup version 1, which cannot limit containers",
      cure: "start Linux with systemd.unified_cgroup_hierarchy=1, or use an engine that runs as root (docker context use default)",
    };
  }
  const limits = { memory: info.MemoryLimit, pids: info.PidsLimit, cpu: info.CPUShares && info.CpuCfsQuota };
  const lacking = Object.entries(limits)
    .filter(([, there]) => !there)
    .map(([name]) => name);
  if (lacking.length === 0) return { level: "ok", found: "yes, and it can limit memory, pids and cpu" };
  return {
    level: "missing",
    found: `a rootless engine that cannot limit ${lacking.join(", ")}: systemd does not delegate it`,
    cure: delegate,
  };
}

/** Does the engine run without root, and can it limit containers then? */
export const rootlessProbe: Probe = {
  id: "rootless",
  name: "rootless engine",
  look: async (rt) => judgeRootless(await engineInfo(rt)),
};
