import { lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lockOwner, takeLock } from "../../src/lib/lock.ts";

// Sleeps as ever, and counts.
vi.mock("node:timers/promises", async (original) => {
  const real = await original<typeof import("node:timers/promises")>();
  return { ...real, setTimeout: vi.fn(real.setTimeout) };
});

let dir: string;
let file: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-lock-"));
  file = join(dir, "home", "lock");
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const mine = { pid: process.pid, what: "start probes-storm" };
/** No process has this number: above the largest that Linux gives. */
const gone = 2 ** 22 + 7;

async function locked(text: string): Promise<void> {
  await mkdir(join(dir, "home"), { recursive: true });
  await writeFile(file, text);
}

test("is taken, held against others, and free again after release", async () => {
  const first = await takeLock(file, mine);
  if (!("release" in first)) throw new Error("not taken");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const second = await takeLock(file, { pid: process.ppid, what: "stop" });
  expect(second).toMatchObject({ owner: { ...mine, born: expect.stringMatching(/^\d+$/) } });
  await first.release();
  expect(await lockOwner(file)).toBeUndefined();
  expect(await readdir(join(dir, "home"))).toEqual([]);
});

test("of an owner that lives is not taken", async () => {
  await locked(JSON.stringify({ pid: process.ppid, what: "verify", born: "" }));
  expect(await takeLock(file, mine)).toMatchObject({ owner: { pid: process.ppid, what: "verify" } });
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ pid: process.ppid });
});

test.each([
  ["an owner that is gone", JSON.stringify({ pid: gone, what: "start", born: "" })],
  ["a pid that another process has now", JSON.stringify({ pid: process.ppid, what: "start", born: "1" })],
  ["half a file", '{"pid": 1'],
  ["an empty file", ""],
  ["somebody's list", "[]"],
])("of %s is taken over", async (_of, text) => {
  await locked(text);
  expect(await lockOwner(file)).toBeUndefined();
  expect(await takeLock(file, mine)).toHaveProperty("release");
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject(mine);
  expect(await readdir(join(dir, "home"))).toEqual(["lock"]);
});

test("whose owner is gone goes to exactly one of several takers", async () => {
  for (let round = 0; round < 60; round++) {
    await locked(JSON.stringify({ pid: gone, what: "start", born: "" }));
    const takers = await Promise.all(
      [process.pid, process.ppid, 1].map((pid) => takeLock(file, { pid, what: "start" })),
    );
    expect(takers.filter((one) => "release" in one)).toHaveLength(1);
    for (const one of takers) if ("release" in one) await one.release();
  }
});

test("whose clearing crashed is still taken over", async () => {
  await locked(JSON.stringify({ pid: gone, what: "start", born: "" }));
  await mkdir(`${file}.clearing`);
  await utimes(`${file}.clearing`, 1, 1);
  expect(await takeLock(file, mine)).toHaveProperty("release");
});

test("of one process goes to one of those who ask at once, and the others see its owner", async () => {
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(file, mine)));
  expect(taken.filter((one) => "release" in one)).toHaveLength(1);
  expect(await readdir(join(dir, "home"))).toEqual(["lock"]);
});

test("that is a link to nowhere is taken over, and what it points to stays unmade", async () => {
  await mkdir(join(dir, "home"));
  await symlink(join(dir, "nowhere"), file);
  expect(await takeLock(file, mine)).toHaveProperty("release");
  expect((await lstat(file)).isFile()).toBe(true);
  expect(await readdir(dir)).toEqual(["home"]);
});

test("that is being written is waited for, not taken over", async () => {
  await locked("");
  const taking = takeLock(file, mine);
  const text = JSON.stringify({ pid: process.ppid, what: "stop", born: "" });
  await writeFile(file, text);
  expect(await taking).toMatchObject({ owner: { what: "stop" } });
  expect(await readFile(file, "utf8")).toBe(text);
});

test("that is a folder is refused, and left alone", async () => {
  await mkdir(join(file, "of-somebody"), { recursive: true });
  await expect(takeLock(file, mine)).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining(file) });
  expect(await readdir(file)).toEqual(["of-somebody"]);
});

test("waiting for one that cannot be taken yet asks seldom", async () => {
  await locked("half a fi");
  vi.mocked(sleep).mockClear();
  const taken = await takeLock(file, mine);
  expect(taken).toHaveProperty("release");
  // It took a second; three milliseconds each would be some hundred times.
  expect(vi.mocked(sleep).mock.calls.length).toBeLessThan(40);
});
