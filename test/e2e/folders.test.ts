import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { canBecomeOrdinary, expectOrdinaryInCi, newOrdinaryUser, type OrdinaryUser } from "./ordinary-user.ts";

expectOrdinaryInCi();

describe.skipIf(!canBecomeOrdinary)("state folders that cannot be used (needs root)", { timeout: 120_000 }, () => {
  let me: OrdinaryUser;
  const mounts: string[] = [];

  beforeAll(async () => {
    me = await newOrdinaryUser();
  });
  afterAll(async () => {
    for (const mount of mounts) await execa("umount", [mount], { reject: false });
    await me.leave();
  });

  /** A small file system of memory; false where this host lets nobody mount one. */
  async function mounted(path: string, options: string): Promise<boolean> {
    const { exitCode } = await execa("mount", ["-t", "tmpfs", "-o", options, "labs-test", path], { reject: false });
    if (exitCode === 0) mounts.push(path);
    return exitCode === 0;
  }

  /** One sentence and its cure, exit 3, from every command that needs the folder. */
  async function expectSentence(
    home: string,
    told: string,
    cure: string,
    commands: readonly string[][] = [["start", "shell-form-sigterm"], ["stop"], ["down"], ["hint"]],
  ): Promise<void> {
    for (const command of commands) {
      const { exitCode, stderr } = await me.labs(command, { LABS_HOME: home });
      const [first = "", second = "", ...more] = stderr.trimEnd().split("\n");
      expect(first).toBe(`error: the state folder ${home} ${told}`);
      expect(second).toMatch(/^next: /);
      expect(second).toContain(cure);
      expect(more).toEqual([]);
      expect(exitCode).toBe(3);
    }
  }

  test("root's folder", async () => {
    const home = await me.folder("of-root", "root");
    await expectSentence(home, "does not let this user read and write", "sudo chown");
  });

  test("root's folder that nobody else may enter", async () => {
    const home = await me.folder("hidden", "root", 0o700);
    await expectSentence(home, "does not let this user read and write", "sudo chown", [["stop"], ["status"]]);
  });

  test("a folder that cannot be made in root's", async () => {
    const home = join(await me.folder("above", "root"), "state", "labs");
    await expectSentence(home, "can be neither made nor entered by this user", "LABS_HOME", [["stop"]]);
  });

  test("a file", async () => {
    const home = join(me.place, "file");
    await writeFile(home, "");
    await expectSentence(home, "is not a folder, or lies below a file", "LABS_HOME", [["stop"]]);
  });

  test("a read-only folder", async ({ skip }) => {
    const home = await me.folder("read-only", "user");
    skip(!(await mounted(home, "ro,mode=777")), "nothing can be mounted on this host");
    await expectSentence(home, "is read-only", "LABS_HOME", [["start", "shell-form-sigterm"], ["stop"]]);
  });

  test("a full folder, and nothing half-written stays in it", async ({ skip }) => {
    const home = await me.folder("full", "user");
    skip(!(await mounted(home, "size=64k,mode=777")), "nothing can be mounted on this host");
    await mkdir(join(home, "sessions"));
    await writeFile(join(home, "sessions", "filler"), Buffer.alloc(128 * 1024)).catch(() => undefined);
    await expectSentence(home, "has no space left", "make room", [["start", "shell-form-sigterm"], ["down"]]);
    const there = (await readdir(home)).filter((name) => name !== ".labs");
    expect(there).toEqual(["sessions"]);
  });

  test("list and help need no folder at all", async () => {
    const home = join(me.place, "hidden");
    expect((await me.labs(["list"], { LABS_HOME: home })).exitCode).toBe(0);
    expect((await me.labs(["--help"], { LABS_HOME: home })).exitCode).toBe(0);
  });
});
