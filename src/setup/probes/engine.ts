import { randomBytes } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "../../lib/make-folder.ts";
import type { Runtime } from "../../runtime.ts";
import { engineVersion } from "../engine.ts";
import { asRoot } from "../install-cure.ts";
import { which } from "../which.ts";
import { engineInfo, type EngineInfo, engineIsLocal } from "./engine-info.ts";
import type { Finding, Probe } from "./probe.ts";

/** Does a Docker engine answer? */
export const engineProbe: Probe = {
  id: "engine",
  name: "Docker engine",
  async look(rt) {
    return { level: "ok", found: await engineVersion(rt) };
  },
};

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

/** Can the `docker` command read a file in this folder? Leaves nothing behind: the image that it asks for does not exist. */
async function readsIn(rt: Runtime, folder: string): Promise<boolean> {
  const made = await makeFolder(folder);
  const file = join(folder, `doctor-${rt.host.pid}-${randomBytes(3).toString("hex")}`);
  try {
    await writeFile(file, "A=b\n");
    const argv = ["docker", "create", "--pull", "never", "--env-file", file, "labs/none:doctor"] as const;
    const { stderr } = await rt.exec([...argv], { allowFailure: true, timeoutMs: 20_000 });
    return !/no such file|permission denied|not permitted/i.test(stderr);
  } finally {
    await rm(made ?? file, { recursive: true, force: true });
  }
}

/** A `docker` that came as a snap reads neither folders whose name starts with a dot nor /tmp; labs hand it files in both. */
export const dockerFilesProbe: Probe = {
  id: "docker-files",
  name: "files for docker",
  async look(rt) {
    const program = await which(rt, "docker");
    if (program === undefined || !program.endsWith("/snap/bin/docker"))
      return { level: "ok", found: "docker is no snap and reads any folder" };
    await engineVersion(rt);
    const lacking: string[] = [];
    for (const folder of [rt.paths.home, rt.paths.data, tmpdir()]) {
      if (!(await readsIn(rt, folder))) lacking.push(folder);
    }
    if (lacking.length === 0) return { level: "ok", found: `${program} reads our folders` };
    return {
      level: "missing",
      found: `${program} is a snap and cannot read ${lacking.join(", ")}`,
      cure: `${asRoot(rt, "snap remove docker")}, then install Docker Engine: https://docs.docker.com/engine/install/`,
    };
  },
};

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
