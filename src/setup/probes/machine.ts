import { readFile, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Runtime } from "../../runtime.ts";
import { asRoot } from "../install-cure.ts";
import { engineInfo, engineIsLocal } from "./engine-info.ts";
import { type Finding, gib, type Probe } from "./probe.ts";

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

const enoughMemory = 3.5 * 2 ** 30;
const leastMemory = 1.8 * 2 ** 30;

/** A cluster with two workers takes about 1.4 GiB, the labs in it as much again. */
export const memoryProbe: Probe = {
  id: "memory",
  name: "memory",
  async look(rt) {
    const { MemTotal } = await engineInfo(rt);
    if (MemTotal >= enoughMemory) return { level: "ok", found: gib(MemTotal) };
    return {
      level: MemTotal >= leastMemory ? "warn" : "missing",
      found: gib(MemTotal),
      cure: "give the engine's machine 4 GiB of memory (Docker Desktop: Settings, Resources)",
    };
  },
};

/** Free bytes where a folder lies or will lie. */
export async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return freeBytes(dirname(folder));
  }
}

/** Judges the smallest of some free spaces. Building the node image takes about 6 GiB, pulling it 2. */
export function judgeDisk(
  rt: Pick<Runtime, "program">,
  places: ReadonlyMap<string, number>,
): Omit<Finding, "id" | "name"> {
  const [[where, free] = ["", 0]] = [...places].sort((a, b) => a[1] - b[1]);
  const found = `${gib(free)} free in ${where}`;
  if (free >= 8 * 2 ** 30) return { level: "ok", found };
  const cure = `make room in ${where}: ${rt.program} down, then docker system df to see what else`;
  return { level: free >= 2 * 2 ** 30 ? "warn" : "missing", found, cure };
}

/** Is there room for images and clusters? */
export const diskProbe: Probe = {
  id: "disk",
  name: "disk",
  async look(rt) {
    const places = new Map([[rt.paths.data, await freeBytes(rt.paths.data)]]);
    if (await engineIsLocal(rt)) {
      const { DockerRootDir } = await engineInfo(rt);
      if (DockerRootDir !== "") places.set(DockerRootDir, await freeBytes(DockerRootDir));
    }
    return judgeDisk(rt, places);
  },
};

const wantedLimits = { max_user_instances: 8192, max_user_watches: 524_288 } as const;

/** At the kernel's default of 128 instances the sixth node's kube-proxy dies with "too many open files". */
export function inotifyProbeAt(folder: string): Probe {
  return {
    id: "inotify",
    name: "inotify limits",
    async look(rt) {
      if (!(await engineIsLocal(rt))) return { level: "ok", found: "not asked: the engine runs elsewhere" };
      const found: string[] = [];
      const cures: string[] = [];
      for (const [name, least] of Object.entries(wantedLimits)) {
        const value = Number(await readFile(join(folder, name), "utf8"));
        found.push(`${name} ${value}`);
        if (value < least) cures.push(`fs.inotify.${name}=${least}`);
      }
      if (cures.length === 0) return { level: "ok", found: found.join(", ") };
      return { level: "warn", found: found.join(", "), cure: asRoot(rt, `sysctl -w ${cures.join(" ")}`) };
    },
  };
}

/** The limits of this machine's kernel. */
export const inotifyProbe = inotifyProbeAt("/proc/sys/fs/inotify");

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
