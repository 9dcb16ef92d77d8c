import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const scripts = join(import.meta.dirname, "../../scripts");
const path = process.env["PATH"] ?? "";
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "labs-scripts-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function sh(script: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((done) => {
    execFile("sh", [join(scripts, script), ...args], { env: { PATH: path, ...env } }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function json(file: string, content?: unknown): Promise<unknown> {
  if (content !== undefined) await writeFile(file, JSON.stringify(content));
  return JSON.parse(await readFile(file, "utf8"));
}

describe("runc-wrapper.sh", () => {
  const lists = {
    bounding: ["CAP_KILL", "CAP_SYS_RESOURCE"],
    effective: ["CAP_SYS_RESOURCE"],
    permitted: ["CAP_KILL"],
  };
  const without = { bounding: ["CAP_KILL"], effective: [], permitted: ["CAP_KILL"] };
  const runc = { LABS_RUNC: "echo" };

  it.each([["create"], ["run"]])(
    "takes CAP_SYS_RESOURCE out of a bundle on %s and hands its arguments on",
    async (command) => {
      const config = join(folder, "config.json");
      await json(config, { ociVersion: "1.0.2", process: { args: ["a b"], capabilities: lists } });
      const args = ["--root", "/run/x", "--log", "run", command, "--bundle", folder, "--pid-file", "create", "id1"];
      const { stdout } = await sh("runc-wrapper.sh", args, runc);
      expect(stdout.trim()).toBe(args.join(" "));
      expect(await json(config)).toEqual({ ociVersion: "1.0.2", process: { args: ["a b"], capabilities: without } });
    },
  );

  it("does the same for the process of an exec", async () => {
    const file = join(folder, "process.json");
    await json(file, { capabilities: lists });
    await sh("runc-wrapper.sh", ["exec", "--process", file, "id1"], runc);
    expect(await json(file)).toEqual({ capabilities: without });
  });

  it("leaves every other command alone", async () => {
    const config = join(folder, "config.json");
    const before = await json(config, { process: { capabilities: lists } });
    await sh("runc-wrapper.sh", ["delete", "--bundle", folder, "id1"], runc);
    expect(await json(config)).toEqual(before);
  });
});

describe("bootstrap.sh", () => {
  it("never touches this machine for an engine that is elsewhere", async () => {
    const env = {
      DOCKER_HOST: "tcp://127.0.0.1:1",
      LABS_LIB: join(folder, "lib"),
      LABS_DAEMON_JSON: join(folder, "daemon.json"),
    };
    const { code, stderr } = await sh("bootstrap.sh", ["--yes"], env);
    expect(code).toBe(3);
    expect(stderr).toContain("DOCKER_HOST=tcp://127.0.0.1:1 does not answer");
    await expect(readFile(env.LABS_DAEMON_JSON)).rejects.toThrow("ENOENT");
  });
});
