import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newLearner, type Learner } from "./learner.ts";

describe("bad input", { timeout: 120_000 }, () => {
  let me: Learner;

  beforeAll(async () => {
    me = await newLearner();
  });
  afterAll(() => me.leave());

  test("an unknown lab: the nearest name, exit 2", async () => {
    const { exitCode, stderr } = await me.labs("start", "probe-storm");
    expect(stderr).toContain("probes-storm");
    expect(exitCode).toBe(2);
  });

  test("an unknown command and an unknown option: exit 2", async () => {
    expect((await me.labs("strat", "x")).exitCode).toBe(2);
    expect((await me.labs("list", "--jsno")).exitCode).toBe(2);
  });

  test.each(["verify", "reset", "stop", "hint", "solution", "env", "shell", "status"])(
    "%s without a lab: exit 4 and the next command",
    async (command) => {
      const { exitCode, stderr } = await me.labs(command);
      expect(stderr).toContain("labs list");
      expect(exitCode).toBe(4);
    },
  );

  test("no engine: exit 3 and what to do", async () => {
    const lost = await newLearner({ DOCKER_HOST: "unix:///nowhere/docker.sock" });
    const { exitCode, stderr } = await lost.labs("start", "gomaxprocs-throttling");
    expect(stderr).toMatch(/engine/i);
    expect(exitCode).toBe(3);
  });

  test("a lab file with mistakes: all of them with their lines, exit 2", async () => {
    const dir = join(me.home, "my-lab");
    await mkdir(dir);
    await writeFile(join(dir, "lab.yaml"), "title: x\nlevle: hard\nminutes: ten\n");
    const { exitCode, stderr } = await me.labs("start", "./my-lab");
    expect(stderr).toMatch(/lab\.yaml:2/);
    expect(stderr).toMatch(/lab\.yaml:3/);
    expect(exitCode).toBe(2);
  });

  test("scripts of a foreign folder are not run without being asked for", async () => {
    const { exitCode, stderr } = await me.labs("prove", "./my-lab");
    expect(stderr).toMatch(/my-lab/);
    expect(exitCode).toBe(2);
  });

  test("help suffices, on stdout, without an engine", async () => {
    const { exitCode, stdout } = await me.labs("--help");
    for (const name of ["start", "verify", "hint", "stop", "doctor", "prove", "Exit codes"])
      expect(stdout).toContain(name);
    expect(stdout).not.toContain("\u001b[");
    expect(exitCode).toBe(0);
  });
});
