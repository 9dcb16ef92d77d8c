import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentError } from "../../errors.ts";
import type { Runtime } from "../../runtime.ts";
import { cached, cachePath } from "../cache.ts";
import { withProgress } from "../progress.ts";
import { which } from "../which.ts";
import { goArch } from "./compile.ts";

/** Debian 13: the newest whose systemd boots on cgroup v1 too. */
export const debianSuite = "trixie";

/** What kind's own base image installs, the runtime, and what labs look at nodes with. */
export const debianPackages: readonly string[] = [
  "systemd systemd-sysv dbus conntrack iptables nftables iproute2 ethtool util-linux mount kmod libseccomp2 pigz",
  "e2fsprogs bash ca-certificates curl jq procps iputils-ping strace runc busybox-static",
].flatMap((line) => line.split(" "));

const ballast = [
  "var/cache/apt var/cache/debconf var/cache/ldconfig var/lib/apt/lists var/log",
  "usr/share/doc usr/share/man usr/share/locale usr/share/info",
].flatMap((line) => line.split(" "));

/** Why no Debian root can be made here; undefined when it can. */
export async function rootObstacle(rt: Runtime): Promise<{ what: string; cure: string } | undefined> {
  if (rt.host.platform !== "linux") {
    return { what: "Debian roots are made on Linux only", cure: "let this machine reach a registry (docker.io)" };
  }
  if ((await which(rt, "debootstrap")) === undefined) {
    return { what: "there is no debootstrap", cure: "apt-get install debootstrap" };
  }
  if (rt.host.uid !== 0) return { what: "debootstrap needs root", cure: `sudo ${rt.program} setup` };
  return undefined;
}

/** A Debian root as a tar file, made once per list of packages. */
export async function debianRoot(
  rt: Runtime,
  note: (text: string) => void,
  packages: readonly string[] = debianPackages,
): Promise<string> {
  const obstacle = await rootObstacle(rt);
  if (obstacle !== undefined) throw environmentError(obstacle.what, { cure: obstacle.cure });
  const list = createHash("sha256").update(packages.join()).digest("hex").slice(0, 8);
  const name = `debian-${debianSuite}-${goArch(rt)}-${list}.tar`;
  return cached(rt, cachePath(rt, name), async (draft) => {
    const root = `${draft}.root`;
    // An earlier run may have been killed with /proc mounted in it.
    await clearRoot(rt, root);
    // Packages that were fetched before an interruption are not fetched again.
    const debs = cachePath(rt, `debs-${debianSuite}`);
    await mkdir(debs, { recursive: true });
    await mkdir(root, { recursive: true });
    // Without one of the user's own, debootstrap knows the mirror of its suite.
    const mirror = rt.env["LABS_DEBIAN_MIRROR"];
    const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    let last = "";
    const argv = [
      "--variant=minbase",
      `--include=${packages.join(",")}`,
      `--keyring=${keyring}`,
      `--cache-dir=${debs}`,
    ];
    const work = rt.exec(["debootstrap", ...argv, debianSuite, root, ...(mirror === undefined ? [] : [mirror])], {
      timeoutMs: 3600_000,
      onLine: (line) => {
        if (line.startsWith("I: ")) last = line.slice(3);
      },
    });
    try {
      await withProgress(rt, work, { expectedSeconds: 90, now: () => last, note });
      for (const folder of ballast) {
        await rm(join(root, folder), { recursive: true, force: true });
        await mkdir(join(root, folder), { recursive: true });
      }
      note("packing the root");
      await rt.exec(["tar", "-C", root, "--sort=name", "--one-file-system", "-cf", draft, "."]);
    } finally {
      await clearRoot(rt, root);
    }
    await rm(debs, { recursive: true, force: true });
  });
}

/** Removes a root folder without ever walking into something that is mounted in it; runs to its end after Ctrl-C too. */
async function clearRoot(rt: Runtime, root: string): Promise<void> {
  const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };
  for (const mount of ["proc", "sys", "dev/pts", "dev"]) {
    await rt.exec(["umount", "-q", join(root, mount)], { allowFailure: true, ...limits });
  }
  await rt.exec(["rm", "-rf", "--one-file-system", root], limits);
}
