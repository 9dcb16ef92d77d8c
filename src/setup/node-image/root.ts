import { createHash } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { environmentError } from "../../lib/errors.ts";
import type { Exec } from "../../lib/exec.ts";
import type { Runtime } from "../../runtime.ts";
import { cached, cachePath } from "../cache.ts";
import { installCure } from "../install-cure.ts";
import { engineIsLocal } from "../probes/engine-info.ts";
import { withProgress } from "../progress.ts";
import { rootInContainer, type RootPlace } from "../root-in-container.ts";
import { rootPath, whichForRoot } from "../which.ts";
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
    return { what: "Debian roots are made on Linux only", cure: "let the engine reach a registry (docker.io)" };
  }
  if ((await whichForRoot(rt, "debootstrap")) === undefined) {
    return { what: "there is no debootstrap", cure: await installCure(rt, "debootstrap debian-archive-keyring") };
  }
  if (rt.host.uid !== 0 && !(await engineIsLocal(rt))) {
    return {
      what: "debootstrap needs root, and the engine is on another machine",
      cure: "let the engine reach a registry (docker.io)",
    };
  }
  return undefined;
}

/** Where the root is made: on this host when this user is root, else as root of a container. */
async function rootPlace(rt: Runtime, draft: string, debs: string): Promise<RootPlace & { readonly root: string }> {
  if (rt.host.uid !== 0) return { ...(await rootInContainer(rt, "/work")), root: "/work/root" };
  const root = `${draft}.root`;
  // An earlier run may have been killed with /proc mounted in it.
  await clearRoot(rt, root);
  await mkdir(debs, { recursive: true });
  await mkdir(root, { recursive: true });
  return {
    root,
    run: (argv, options) => rt.exec(argv, { env: { PATH: rootPath(rt) }, ...options }),
    take: (from, to) => rename(from, to),
    end: () => clearRoot(rt, root),
  };
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
    // Packages that were fetched before an interruption are not fetched again; a container of the engine keeps none.
    const debs = cachePath(rt, `debs-${debianSuite}`);
    const place = await rootPlace(rt, draft, debs);
    try {
      await makeRoot(rt, place, packages, rt.host.uid === 0 ? [`--cache-dir=${debs}`] : [], note);
      await place.take(`${place.root}.tar`, draft);
    } finally {
      await place.end();
    }
    await rm(debs, { recursive: true, force: true });
  });
}

async function makeRoot(
  rt: Runtime,
  { run, root }: { readonly run: Exec; readonly root: string },
  packages: readonly string[],
  options: readonly string[],
  note: (text: string) => void,
): Promise<void> {
  // Without one of the user's own, debootstrap knows the mirror of its suite.
  const mirror = rt.env["LABS_DEBIAN_MIRROR"];
  const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
  let last = "";
  const argv = ["--variant=minbase", `--include=${packages.join(",")}`, `--keyring=${keyring}`, ...options];
  const work = run(["debootstrap", ...argv, debianSuite, root, ...(mirror === undefined ? [] : [mirror])], {
    timeoutMs: 3600_000,
    onLine: (line) => {
      if (line.startsWith("I: ")) last = line.slice(3);
    },
  });
  await withProgress(rt, work, { expectedSeconds: 90, now: () => last, note });
  note("packing the root");
  const folders = ballast.map((folder) => `${root}/${folder}`);
  await run(["rm", "-rf", ...folders]);
  await run(["mkdir", "-p", ...folders]);
  await run(["tar", "-C", root, "--sort=name", "--one-file-system", "-cf", `${root}.tar`, "."]);
}

/** Removes a root folder without ever walking into something that is mounted in it; runs to its end after Ctrl-C too. */
async function clearRoot(rt: Runtime, root: string): Promise<void> {
  const limits = { signal: new AbortController().signal, timeoutMs: 60_000 };
  for (const mount of ["proc", "sys", "dev/pts", "dev"]) {
    await rt.exec(["umount", "-q", join(root, mount)], { allowFailure: true, ...limits });
  }
  await rt.exec(["rm", "-rf", "--one-file-system", root, `${root}.tar`], limits);
}
