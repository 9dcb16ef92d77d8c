import { chmod, chown, cp, mkdir, mkdtemp, realpath, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { execa } from "execa";
import { expect, inject, test } from "vitest";
import type { Ended } from "./learner.ts";

/** "nobody" on every Linux. */
const uid = 65534;

/** Only root can become somebody else. */
export const canBecomeOrdinary = process.platform === "linux" && process.getuid?.() === 0;

/** Where tests of ordinary users are skipped, CI says so. */
export function expectOrdinaryInCi(): void {
  test.runIf(process.env["CI"] === "true" && process.platform === "linux")("CI is root, and can become another", () => {
    expect(canBecomeOrdinary).toBe(true);
  });
}

/** A user without root and without a home that anything was put in, with a copy of the installed program that they may read. */
export interface OrdinaryUser {
  /** Root's folder, which the user can enter; removed at the end. */
  readonly place: string;
  /** The user's own folder. */
  readonly home: string;
  /** The labs that came with the program. */
  readonly library: string;
  readonly env: Readonly<Record<string, string>>;
  /** Runs the program as this user, with more variables. */
  labs(args: readonly string[], more?: Readonly<Record<string, string>>): Promise<Ended>;
  /** A folder inside the place; the user's own, or root's. */
  folder(name: string, owner: "user" | "root", mode?: number): Promise<string>;
  /** Gives all that is in a folder to the user. */
  give(path: string): Promise<void>;
  leave(): Promise<void>;
}

/** True when this user can enter a folder, or run a program. */
async function canUse(gid: number, path: string): Promise<boolean> {
  return (await execa("test", ["-x", path], { uid, gid, reject: false, cwd: "/" })).exitCode === 0;
}

/** A new folder that the user can enter. The tests' own temporary folder often lets in nobody but root. */
async function makePlace(gid: number): Promise<string> {
  for (const parent of [dirname(tmpdir()), tmpdir(), "/tmp", "/var/tmp", "/dev/shm"]) {
    const place = await mkdtemp(join(parent, "labs-ordinary-")).catch(() => undefined);
    if (place === undefined) continue;
    await chmod(place, 0o755);
    if (await canUse(gid, place)) return place;
    await rm(place, { recursive: true });
  }
  throw new Error("there is no temporary folder that an ordinary user can enter");
}

/** The group that may talk to the engine; a group of nothing where it is no socket of this machine. */
async function engineGroup(): Promise<number> {
  const socket = (process.env["DOCKER_HOST"] ?? "unix:///var/run/docker.sock").replace(/^unix:\/\//, "");
  return (await stat(socket).catch(() => ({ gid: uid }))).gid;
}

/** What labs and its shell call, and no Go: PATH of the user has these alone. */
const programs = ["docker", "bash", "sh", "env", "tar", "cat", "grep", "sed", "id", "uname", "sleep"];

/** Makes one; only root can (`canBecomeOrdinary`). */
export async function newOrdinaryUser(): Promise<OrdinaryUser> {
  const gid = await engineGroup();
  const place = await makePlace(gid);
  const folder: OrdinaryUser["folder"] = async (name, owner, mode = 0o755) => {
    const path = join(place, name);
    await mkdir(path, { recursive: true });
    await chmod(path, mode);
    if (owner === "user") await chown(path, uid, gid);
    return path;
  };
  // dist/main.js of the package, and with it everything that was installed beside it.
  const main = await realpath(inject("labsBin"));
  const installed = dirname(dirname(dirname(dirname(main))));
  // Linked where that goes: it is more than 100 MB.
  const copy = join(place, "installed");
  if ((await execa("cp", ["-al", installed, copy], { reject: false })).exitCode !== 0) {
    await rm(copy, { recursive: true, force: true });
    await cp(installed, copy, { recursive: true, verbatimSymlinks: true });
  }
  const copied = join(copy, main.slice(installed.length));
  let node = process.execPath;
  if (!(await canUse(gid, node))) {
    node = join(place, "node");
    await cp(process.execPath, node);
  }
  const bin = await folder("bin", "root");
  for (const name of programs) {
    const { stdout, exitCode } = await execa("sh", ["-c", `command -v ${name}`], { reject: false });
    if (exitCode === 0) await symlink(stdout, join(bin, name));
  }
  await execa("chmod", ["-R", "go+rX", copy]);
  const home = await folder("home", "user");
  const env = {
    HOME: home,
    PATH: bin,
    ...(process.env["DOCKER_HOST"] === undefined ? {} : { DOCKER_HOST: process.env["DOCKER_HOST"] }),
  };
  return {
    place,
    home,
    library: join(dirname(dirname(copied)), "labs"),
    env,
    folder,
    labs: async (args, more = {}) => {
      const options = { env: { ...env, ...more }, extendEnv: false, uid, gid, cwd: home, reject: false } as const;
      const { exitCode, stdout, stderr } = await execa(node, [copied, ...args], { ...options, stdin: "ignore" });
      return { exitCode: exitCode ?? -1, stdout, stderr };
    },
    give: async (path) => {
      await execa("chown", ["-R", `${uid}:${gid}`, path]);
    },
    leave: () => rm(place, { recursive: true, force: true }),
  };
}
