import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, inject, test, vi } from "vitest";
import { shellQuote } from "../../src/lib/shell-quote.ts";
import { engineProxy } from "./engine-proxy.ts";
import { newLearner, type Learner } from "./learner.ts";

/** For what takes seconds, on a busy machine. */
const slow = { timeout: 120_000, interval: 500 };

/** Starts a lab and does something, once, as soon as a line shows on stderr. */
async function startUntil(
  me: Learner,
  lab: string,
  line: string,
  act: (kill: (signal: NodeJS.Signals) => void) => void,
  env: Readonly<Record<string, string>> = {},
): Promise<number | undefined> {
  const options = { env: { ...me.env, ...env }, reject: false, cwd: me.home, stdin: "ignore" } as const;
  const child = execa(inject("labsBin"), ["start", lab], options);
  let seen = "";
  let done = false;
  child.stderr.on("data", (chunk: Buffer) => {
    seen += String(chunk);
    if (done || !seen.includes(line)) return;
    // Once: a second Ctrl-C means to leave without undoing.
    done = true;
    act((signal) => child.kill(signal));
  });
  return (await child).exitCode;
}

/** Starts a lab and ends the program by a signal once a line shows on stderr. */
async function cutShort(me: Learner, lab: string, line: string, signal: NodeJS.Signals): Promise<number | undefined> {
  return startUntil(me, lab, line, (kill) => kill(signal));
}

describe("interrupted starts", { timeout: 300_000 }, () => {
  let me: Learner;
  let before: string[];

  beforeAll(async () => {
    me = await newLearner();
    before = await me.engineState();
  });
  afterAll(() => me.leave());

  const laying = ["✓ Lay down the healthy system", "✓ Wait until it is healthy", "✓ Let the incident happen"];

  /** Kills a start after a line; no exit code, so it did not come to its end before. */
  const kill = async (lab: string, line: string): Promise<void> => {
    expect(await cutShort(me, lab, line, "SIGKILL")).toBeUndefined();
  };

  test.each(["✓ Check tools and images", "✓ Prepare a network", ...laying])(
    "kill -9 after %s: stop leaves nothing",
    async (line) => {
      await kill("gomaxprocs-throttling", line);
      await me.labs("stop");
      expect(await me.engineState()).toEqual(before);
    },
  );

  test("kill -9 while a cluster is made: stop leaves nothing", async () => {
    await kill("probes-storm", "✓ Check tools and images");
    await me.labs("stop");
    await me.labs("down");
    expect(await me.engineState()).toEqual(before);
  });

  test.each(["✓ Prepare a cluster", ...laying])("kill -9 after %s: stop leaves a clean cluster", async (line) => {
    await kill("probes-storm", line);
    const { exitCode, stdout } = await me.labs("stop");
    // Only a cluster that compares equal to its baseline is kept.
    expect(stdout).toContain("kept warm");
    expect(exitCode).toBe(0);
  });

  test("after all of them down leaves nothing", async () => {
    expect((await me.labs("down")).exitCode).toBe(0);
    expect(await me.engineState()).toEqual(before);
  });

  test("the engine dies during start: exit 3, and stop cleans up once it is back", async () => {
    const proxy = await engineProxy(join(me.home, "engine.sock"));
    const env = { DOCKER_HOST: proxy.host };
    const line = "✓ Prepare a network";
    expect(await startUntil(me, "gomaxprocs-throttling", line, () => proxy.die(), env)).toBe(3);
    expect(await me.engineState()).not.toEqual(before);
    expect((await me.labs("stop")).exitCode).toBe(0);
    expect(await me.engineState()).toEqual(before);
  });

  test("Ctrl-C undoes what was made, exit 130", async () => {
    expect(await cutShort(me, "gomaxprocs-throttling", "✓ Wait until it is healthy", "SIGINT")).toBe(130);
    expect((await me.labs("status")).exitCode).toBe(4);
    expect(await me.engineState()).toEqual(before);
  });

  test.skipIf(process.platform !== "linux")("a terminal that is closed undoes it too (Linux)", async () => {
    const pidFile = join(me.home, "start.pid");
    const command = `echo $$ >${shellQuote(pidFile)}; exec ${shellQuote(inject("labsBin"))} start gomaxprocs-throttling`;
    const options = { env: { ...me.env, SHELL: "/bin/sh" }, reject: false, stdin: "pipe" } as const;
    const terminal = execa("script", ["-qec", command, "/dev/null"], options);
    await vi.waitFor(async () => expect((await me.labs("status")).stdout).toContain("starting"), slow);
    terminal.kill("SIGKILL");
    await terminal;
    const pid = Number(await readFile(pidFile, "utf8"));
    await vi.waitFor(() => expect(existsSync(`/proc/${pid}`)).toBe(false), slow);
    expect((await me.labs("status")).exitCode).toBe(4);
    expect(await me.engineState()).toEqual(before);
  });

  test("of two starts at once one wins", async () => {
    const both = await Promise.all([
      me.labs("start", "gomaxprocs-throttling"),
      me.labs("start", "gomaxprocs-throttling"),
    ]);
    expect(both.map(({ exitCode }) => exitCode).sort((a, b) => a - b)).toEqual([0, 3]);
    expect(both.find(({ exitCode }) => exitCode === 3)?.stderr).toContain("at work");
  });

  test("a sandbox removed by hand: verify says so with the cure, stop cleans up", async () => {
    const { stdout } = await me.labs("env", "--json");
    const { LABS_SANDBOX: name } = JSON.parse(stdout);
    const { stdout: ids } = await execa("docker", ["ps", "-aq", "--filter", `name=${name}-`]);
    await execa("docker", ["rm", "-fv", ...ids.split("\n")]);
    await execa("docker", ["network", "rm", name]);
    const { exitCode, stderr } = await me.labs("verify");
    expect(stderr).toContain("labs stop");
    expect(exitCode).toBe(3);
    expect((await me.labs("stop")).exitCode).toBe(0);
    expect(await me.engineState()).toEqual(before);
  });
});
