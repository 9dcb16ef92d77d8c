import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { folderError } from "../../src/setup/folder-error.ts";
import { makeFolder } from "../../src/lib/make-folder.ts";
import { takeLock } from "../../src/lib/lock.ts";
import { writePrivate } from "../../src/session/store.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-folder-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const paths = () => ({ ...fakeRuntime().paths, home: join(dir, "home"), data: join(dir, "data") });
const failed = (code: string, path?: string): Error =>
  Object.assign(new Error(`${code}: it failed`), { code }, path === undefined ? {} : { path });

test.each([
  ["EACCES", "does not let this user read and write", "chown"],
  ["EPERM", "does not let this user read and write", "set LABS_HOME"],
  ["EROFS", "is read-only", "set LABS_HOME"],
  ["ENOSPC", "has no space left", "make room"],
  ["EDQUOT", "has no space left", "make room"],
])("%s in the state folder is one sentence with the cure", async (code, what, cure) => {
  await mkdir(join(dir, "home"));
  const error = await folderError(failed(code, join(dir, "home", "session.json.next")), paths());
  expect(error).toMatchObject({ exitCode: 3, message: `the state folder ${join(dir, "home")} ${what}` });
  expect(error?.cure).toContain(cure);
});

test("an error in the folder of tools names that one, and its variable", async () => {
  await mkdir(join(dir, "data"));
  const error = await folderError(failed("EACCES", join(dir, "data", "setup.lock")), paths());
  expect(error?.message).toContain(`the folder of tools ${join(dir, "data")}`);
  expect(error?.cure).toContain("XDG_DATA_HOME");
});

test("a folder above that does not let ours be made names ours, and gives nobody what is not there", async () => {
  const error = await folderError(failed("EACCES", dir), paths());
  expect(error?.message).toContain(join(dir, "home"));
  expect(error?.cure).toBe("set LABS_HOME to a folder of yours");
});

test("other places and other errors stay what they are", async () => {
  expect(await folderError(failed("EACCES", "/somewhere/report.xml"), paths())).toBeUndefined();
  expect(await folderError(failed("EACCES", join(dir, "home-of-another")), paths())).toBeUndefined();
  expect(await folderError(failed("ENOENT", join(dir, "home")), paths())).toBeUndefined();
  expect(await folderError(failed("ENOSPC"), paths())).toBeUndefined();
  expect(await folderError(new Error("it failed"), paths())).toBeUndefined();
});

test("a file where the state folder should be is told as such, whoever meets it", async () => {
  await writeFile(join(dir, "home"), "");
  const { home } = paths();
  const works = [() => takeLock(join(home, "lock"), { pid: 1, what: "x" }), () => writePrivate(join(home, "a"), "")];
  for (const work of works) {
    const error = await work().then(
      () => undefined,
      (thrown: unknown) => folderError(thrown, paths()),
    );
    expect(error?.message).toContain("is not a folder");
  }
});

test("a folder is made with those above it, and the first new one is named", async () => {
  expect(await makeFolder(join(dir, "a", "b", "c"))).toBe(join(dir, "a"));
  expect(await makeFolder(join(dir, "a", "b", "c"))).toBeUndefined();
  expect(await makeFolder(join(dir, "a", "d"))).toBe(join(dir, "a", "d"));
});

test.skipIf(process.platform !== "linux")("where no folder can be made, asking ends, and is told (Linux)", async () => {
  const place = { ...paths(), home: "/proc/labs-of-nobody/home" };
  const error = await takeLock(join(place.home, "lock"), { pid: 1, what: "x" }).then(
    () => undefined,
    (thrown: unknown) => folderError(thrown, place),
  );
  expect(error).toMatchObject({ exitCode: 3 });
  expect(error?.message).toMatch(/state folder \/proc\/labs-of-nobody\/home can/);
});
