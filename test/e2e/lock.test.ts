import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
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
