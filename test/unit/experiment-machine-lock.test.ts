import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { withMachineLock } from "../../src/experiments/run.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let data: string;
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "labs-lock-"));
});
afterEach(() => rm(data, { recursive: true, force: true }));

function runtime(pid: number) {
  const rt = fakeRuntime();
  return { ...rt, paths: { ...rt.paths, data }, host: { ...rt.host, pid } };
}

const lockFile = () => join(data, "measurement.lock");

test("holds the lock while it works, and frees it when the work throws", async () => {
  const rt = runtime(process.pid);
  const working = withMachineLock(
    rt,
    () => undefined,
    async () => {
      expect(JSON.parse(await readFile(lockFile(), "utf8"))).toMatchObject({ pid: process.pid });
      throw new Error("the work failed");
    },
  );
  await expect(working).rejects.toThrow("the work failed");
  await expect(readFile(lockFile())).rejects.toThrow("ENOENT");
});

test("waits for a live owner and says for whom", async () => {
  await writeFile(lockFile(), JSON.stringify({ pid: process.ppid, what: "a measurement", born: "" }));
  const notes: string[] = [];
  const note = (text: string): void => {
    notes.push(text);
    // oxlint-disable-next-line typescript/no-floating-promises -- the owner goes away while we wait
    if (notes.length === 3) rm(lockFile());
  };
  expect(await withMachineLock(runtime(process.pid), note, async () => "measured")).toBe("measured");
  expect(notes.length).toBeGreaterThanOrEqual(3);
  expect(notes[0]).toBe(`waiting for another measurement (pid ${process.ppid})`);
});

test("takes over from an owner that is gone, and from a process that only has its number", async () => {
  for (const owner of [
    { pid: 2 ** 22 + 7, what: "gone", born: "" },
    { pid: process.ppid, what: "another", born: "1" },
    "half a lo",
  ]) {
    await writeFile(lockFile(), typeof owner === "string" ? owner : JSON.stringify(owner));
    const notes: string[] = [];
    await withMachineLock(
      runtime(process.pid),
      (text) => notes.push(text),
      async () => undefined,
    );
    expect(notes).toEqual([]);
  }
});

test("gives up after a quarter of an hour, naming the file", async () => {
  await writeFile(lockFile(), JSON.stringify({ pid: process.ppid, what: "a measurement", born: "" }));
  const clock = fakeClock();
  const looks: string[] = [];
  const waiting = withMachineLock(
    { ...runtime(process.pid), clock },
    (seen) => {
      looks.push(seen);
      clock.advance(60_000);
    },
    async () => undefined,
  );
  await expect(waiting).rejects.toMatchObject({ exitCode: 3, cure: expect.stringContaining(lockFile()) });
  expect(looks).toHaveLength(15);
});
