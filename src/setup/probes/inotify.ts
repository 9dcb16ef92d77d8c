import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { asRoot } from "../install-cure.ts";
import { engineIsLocal } from "./engine-info.ts";
import type { Probe } from "./finding.ts";

const wanted = { max_user_instances: 8192, max_user_watches: 524_288 } as const;

/** At the kernel's default of 128 instances the sixth node's kube-proxy dies with "too many open files". */
export function inotifyProbeAt(folder: string): Probe {
  return {
    id: "inotify",
    name: "inotify limits",
    async look(rt) {
      if (!(await engineIsLocal(rt))) return { level: "ok", found: "not asked: the engine runs elsewhere" };
      const found: string[] = [];
      const cures: string[] = [];
      for (const [name, least] of Object.entries(wanted)) {
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
