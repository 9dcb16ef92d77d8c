import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { execOnTerminal } from "../integration/pty.ts";
import { newLearner, type Learner } from "./learner.ts";

describe("gomaxprocs-throttling, from start to stop", { timeout: 300_000 }, () => {
  let me: Learner;
  let before: string[];

  beforeAll(async () => {
    me = await newLearner();
    before = await me.engineState();
  });
  afterAll(() => me.leave());

  test("a doctor with nothing to say says nothing beside its table", async () => {
    const { exitCode, stderr } = await me.labs("doctor");
    expect(stderr).toBe("");
    expect(exitCode).toBe(0);
  });

  test("starts with the symptom in sight, and says how the containers were started", async () => {
    const { exitCode, stdout } = await me.labs("start", "gomaxprocs-throttling");
    expect(exitCode).toBe(0);
    expect(stdout).toContain("docker run -d --name");
    expect(stdout).toMatch(/throttled|periods/);
  });

  test("reset breaks a repaired lab again", async () => {
    await me.shell('docker update --cpus 1.5 "$LABS_SANDBOX-api"');
    expect((await me.labs("reset")).exitCode).toBe(0);
    const { stdout } = await me.shell("docker inspect -f '{{.HostConfig.NanoCpus}}' \"$LABS_SANDBOX-api\"");
    expect(stdout).toBe("1000000000");
  });

  test("a repair that is not in the folder passes", async () => {
    // One CPU by pinning: no thread runs beside another, so the quota is never used up early.
    await me.shell('docker update --cpuset-cpus 0 "$LABS_SANDBOX-api"');
    const { exitCode, stdout } = await me.labs("verify");
    expect(stdout).toMatch(/solved/i);
    expect(exitCode).toBe(0);
  });

  test("a shortcut that is not in the folder is refused, and the rule is named", async () => {
    // Inspect goes on to tell of one CPU; the kernel knows of no limit any more.
    await me.shell('docker update --cpu-quota -1 "$LABS_SANDBOX-api"');
    const { exitCode, stdout } = await me.labs("verify");
    expect(stdout).toMatch(/budget of 2 CPUs[^]*no CPU limit/);
    expect(exitCode).toBe(1);
  });

  test("a shell on a terminal stays on the lab, whatever .bashrc sets, and passes its exit code on", async () => {
    const elsewhere = `export KUBECONFIG='${me.home}/other-kubeconfig' DOCKER_HOST=tcp://192.0.2.1:2375 DOCKER_CONTEXT=prod`;
    await writeFile(join(me.home, ".bashrc"), `${elsewhere}\nPS1='at-the-prompt: '\n`);
    const screen = { text: "" };
    const terminal = execOnTerminal({
      env: { PATH: process.env["PATH"] ?? "", ...me.env, SHELL: "bash" },
      folder: me.home,
      prompt: "at-the-prompt:",
      lines: ["docker ps --format '{{.Names}}' >seen; echo \"$KUBECONFIG ${DOCKER_CONTEXT-none}\" >>seen", "exit 7"],
      screen,
    });
    const { exitCode } = await terminal([inject("labsBin"), "shell"]);
    const seen = await readFile(join(me.home, "seen"), "utf8").catch(() => "");
    expect(seen, screen.text).toMatch(/^labs-[0-9a-z]+-api$[^]*^\/dev\/null none$/m);
    expect(exitCode).toBe(7);
    await me.expectUntouched();
  });

  test("stop removes the learner's own containers on the lab's network, and nothing else", async () => {
    await me.shell('docker run -d --network "$LABS_NETWORK" --name "$LABS_SANDBOX-mine" labs/go-app:v1 serve');
    const { exitCode, stdout } = await me.labs("stop");
    expect(stdout).toContain("-mine");
    expect(exitCode).toBe(0);
    expect(await me.engineState()).toEqual(before);
    await me.expectUntouched();
  });
});
