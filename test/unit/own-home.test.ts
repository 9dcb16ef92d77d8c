import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureOwnHome, removeState } from "../../src/session/own-home.ts";
import { withSessionLock } from "../../src/session/with-lock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let dir: string;
let home: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-home-"));
  home = join(dir, "state", "labs");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const runtime = () => {
  const rt = fakeRuntime({ host: { ...fakeRuntime().host, pid: process.pid } });
  return { ...rt, paths: { ...rt.paths, home, kubeconfig: join(home, "kubeconfig") } };
};

async function holding(...files: readonly string[]): Promise<void> {
  await mkdir(home, { recursive: true });
  for (const file of files) {
    if (file.endsWith("/")) await mkdir(join(home, file));
    else await writeFile(join(home, file), "");
  }
}

describe("the state folder", () => {
  test("is made with its mark, for its owner only", async () => {
    await ensureOwnHome(runtime());
    expect(await readdir(home)).toEqual([".labs"]);
    expect((await stat(home)).mode & 0o777).toBe(0o700);
  });

  test.each([
    ["an empty folder", []],
    ["a folder of version 0.1", ["session.json", "sandboxes/", "sessions/", "kubeconfig", "workspace/", "lock"]],
    ["one with proofs", ["prove/", "prove-2/", "sessions/"]],
    ["one that was looked into on a Mac", [".DS_Store", "sessions/"]],
  ])("%s is taken and marked", async (_which, files) => {
    await holding(...files);
    await ensureOwnHome(runtime());
    expect(await readdir(home)).toContain(".labs");
  });

  test("that is marked may hold anything beside", async () => {
    await holding(".labs", "notes.txt");
    await ensureOwnHome(runtime());
    expect(await readdir(home)).toEqual([".labs", "notes.txt"]);
  });

  test("of a person (LABS_HOME=$HOME) is refused before anything is touched, and their workspace stays", async () => {
    await holding(".bashrc", "workspace/", "workspace/thesis.txt");
    let worked = false;
    const work = withSessionLock(runtime(), "down", async () => {
      worked = true;
    });
    await expect(work).rejects.toMatchObject({
      exitCode: 2,
      message: `LABS_HOME has to be a folder of its own, and ${home} holds other things (.bashrc)`,
      cure: expect.stringContaining("LABS_HOME"),
    });
    expect(worked).toBe(false);
    expect((await readdir(home)).sort()).toEqual([".bashrc", "workspace"]);
    expect(await readdir(join(home, "workspace"))).toEqual(["thesis.txt"]);
  });
});

describe("removing the state", () => {
  const all = [".labs", "session.json", "sandboxes/", "sessions/", "workspace/", "workspace.kept/", "prove/"];

  test("leaves what the person wrote and did", async () => {
    await holding(...all);
    expect(await removeState(runtime(), false)).toEqual([join(home, "sessions"), join(home, "workspace.kept")]);
    expect((await readdir(home)).sort()).toEqual([".labs", "sessions", "workspace.kept"]);
    await ensureOwnHome(runtime());
  });

  test("with everything leaves no folder", async () => {
    await holding(...all);
    expect(await removeState(runtime(), true)).toEqual([]);
    expect(await readdir(join(dir, "state"))).toEqual([]);
  });

  test("leaves files that are not of labs, and names them", async () => {
    await holding(...all, "notes.txt");
    expect(await removeState(runtime(), true)).toEqual([join(home, "notes.txt")]);
    expect((await readdir(home)).sort()).toEqual([".labs", "notes.txt"]);
  });

  test("of a folder that is not there is nothing", async () => {
    expect(await removeState(runtime(), true)).toEqual([]);
  });
});
