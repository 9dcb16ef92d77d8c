import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCli } from "../../src/cli.ts";
import { fileError, writeReport } from "../../src/lib/file-error.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-file-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const thrownBy = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

test("a report is written below the working folder", async () => {
  await writeReport(dir, "report.xml", "<a/>");
  expect(await readFile(join(dir, "report.xml"), "utf8")).toBe("<a/>");
});

test("a report that cannot be written is one sentence with its path", async () => {
  expect(await thrownBy(writeReport(dir, "none/report.xml", ""))).toMatchObject({
    exitCode: 2,
    message: `the report ${join(dir, "none/report.xml")} could not be written: there is no such file or folder`,
  });
  expect(await thrownBy(writeReport(dir, ".", ""))).toMatchObject({
    exitCode: 2,
    message: expect.stringMatching(/it is a folder$/),
  });
});

test("a file that the system refuses is a sentence with its path, other errors are not", async () => {
  expect(fileError(await thrownBy(readFile(join(dir, "none"))))?.message).toContain(join(dir, "none"));
  expect(fileError(new TypeError("x is no function"))).toBeUndefined();
  expect(fileError(Object.assign(new Error("connect"), { code: "ECONNREFUSED", syscall: "connect" }))).toBeUndefined();
});

test("a library that is not there is no bug of the program", async () => {
  const rt = fakeRuntime();
  const paths = { ...rt.paths, library: join(dir, "library"), home: join(dir, "home"), data: join(dir, "data") };
  const error = await thrownBy(runCli(["list"], { ...rt, paths }));
  expect(error).toMatchObject({ exitCode: 3, message: expect.stringContaining(join(dir, "library")) });
});
