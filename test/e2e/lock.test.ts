import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from "vitest";
import { fakeSession } from "../fakes/session.ts";
import { newLearner, type Learner } from "./learner.ts";

const hasGcc = (await execa("gcc", ["--version"], { reject: false })).exitCode === 0;
const canPreload = process.platform === "linux" && hasGcc;

/** What a file system without hard links (exFAT, many SMB shares) answers. */
const source = `
#include <errno.h>
int link(const char *from, const char *to) { errno = EPERM; return -1; }
int linkat(int a, const char *from, int b, const char *to, int flags) { errno = EPERM; return -1; }
`;

test.runIf(process.env["CI"] === "true" && process.platform === "linux")("CI has gcc for the test of the lock", () => {
  expect(hasGcc).toBe(true);
});

describe.skipIf(!canPreload)("a state folder without hard links (needs gcc)", { timeout: 60_000 }, () => {
  let me: Learner;
  let dir: string;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "labs-preload-"));
    const library = join(dir, "no-links.so");
    await writeFile(join(dir, "no-links.c"), source);
    await execa("gcc", ["-shared", "-fPIC", "-o", library, join(dir, "no-links.c")]);
    me = await newLearner({ LD_PRELOAD: library });
  });
  afterAll(async () => {
    await me.leave();
    await rm(dir, { recursive: true, force: true });
  });

  test("link() fails there indeed", async () => {
    const script = `require("fs").linkSync(${JSON.stringify(join(dir, "no-links.c"))}, ${JSON.stringify(join(dir, "b"))})`;
    const { stderr } = await execa("node", ["-e", script], { env: me.env, reject: false });
    expect(stderr).toContain("EPERM");
  });

  test("a command that takes the lock works", async () => {
    const { exitCode, stderr } = await me.labs("stop");
    expect(stderr).toContain("no lab is running");
    expect(exitCode).toBe(4);
  });
});

test("two processes that change the session at once lose nothing of each other's", { timeout: 120_000 }, async () => {
  const home = await mkdtemp(join(tmpdir(), "labs-two-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const file = join(home, "state", "session.json");
  await mkdir(dirname(file));
  await writeFile(file, JSON.stringify(fakeSession({ values: { a: "0", b: "0" } })));
  const modules = pathToFileURL(join(dirname(await realpath(inject("labsBin"))), "/")).href;
  const count = (name: string) => `
    const { createRuntime } = await import("${modules}host.js");
    const { updateSession } = await import("${modules}session/store.js");
    const rt = createRuntime(new AbortController().signal);
    for (let i = 0; i < 50; i++)
      await updateSession(rt, (one) => ({ ...one, values: { ...one.values, ${name}: String(Number(one.values.${name}) + 1) } }));`;
  const env = { LABS_HOME: dirname(file) };
  await Promise.all(
    ["a", "b"].map((name) => execa("node", ["--input-type=module", "-e", count(name)], { env, timeout: 100_000 })),
  );
  expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({ values: { a: "50", b: "50" } });
});
