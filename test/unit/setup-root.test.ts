import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import type { Runtime } from "../../src/runtime.ts";
import { installCure } from "../../src/setup/install-cure.ts";
import { debianRoot, rootObstacle } from "../../src/setup/node-image/root.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "labs-root-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function programs(where: string, ...names: string[]): Promise<string> {
  const bin = join(folder, where);
  await mkdir(bin, { recursive: true });
  for (const name of names) {
    await writeFile(join(bin, name), "");
    await chmod(join(bin, name), 0o755);
  }
  return bin;
}

/** A machine with nothing on PATH but what the test put into "bin". */
function machine(uid: number, parts: Partial<Runtime> = {}, platform = "linux"): Runtime {
  const base = fakeRuntime();
  return {
    ...base,
    env: { PATH: join(folder, "bin") },
    paths: { ...base.paths, data: join(folder, "data") },
    host: { ...base.host, platform, uid },
    ...parts,
  };
}

const cure = async (rt: Runtime) => (await rootObstacle(rt))?.cure;

describe("what keeps a Debian root from being made", () => {
  it("is not that a user has no debootstrap on PATH: it lies where programs for root lie", async () => {
    expect(await rootObstacle(machine(1000))).toMatchObject({ what: "there is no debootstrap" });
    await programs("sbin", "debootstrap");
    expect(await rootObstacle(machine(1000))).toBeUndefined();
    expect(await rootObstacle(machine(0))).toBeUndefined();
  });

  it("is cured by the command that this very user can type", async () => {
    await programs("bin", "apt-get");
    expect(await cure(machine(1000))).toBe("sudo apt-get install debootstrap debian-archive-keyring");
    expect(await cure(machine(0))).toBe("apt-get install debootstrap debian-archive-keyring");
    await rm(join(folder, "bin", "apt-get"));
    expect(await cure(machine(1000))).toBe("install debootstrap and debian-archive-keyring");
    await programs("bin", "dnf");
    expect(await cure(machine(1000))).toBe("sudo dnf install debootstrap debian-archive-keyring");
    expect(await cure(machine(501, {}, "darwin"))).toContain("registry");
    expect(await installCure(machine(501, {}, "darwin"), "go")).toBe("brew install go");
  });

  it("is an engine on another machine for a user who is not root", async () => {
    await programs("bin", "debootstrap");
    const env = { PATH: join(folder, "bin"), DOCKER_HOST: "tcp://10.0.0.1:2375" };
    expect((await rootObstacle(machine(1000, { env })))?.what).toContain("another machine");
    expect(await rootObstacle(machine(0, { env }))).toBeUndefined();
  });
});

/** Runs what is asked for as far as it leaves something behind, and keeps the command lines. */
function recorder(calls: string[], failing?: string): Exec {
  return async (argv, options) => {
    const line = argv.join(" ");
    calls.push(line);
    if (failing !== undefined && line.includes(failing)) throw environmentError(`${line} exited with 1\nE: it broke`);
    options?.onLine?.("I: Retrieving bash");
    if (line.startsWith("docker cp ")) await writeFile(argv[3] ?? "", "root");
    const packed = argv.indexOf("-cf");
    if (argv[0] === "tar") await writeFile(argv[packed + 1] ?? "", "root");
    return { exitCode: 0, stdout: "", stderr: "" };
  };
}

describe("a Debian root", () => {
  beforeEach(() => programs("bin", "debootstrap"));

  it("is made as root of a container for a user who is not root, without a folder of that user in it", async () => {
    const calls: string[] = [];
    const env = { PATH: join(folder, "bin"), LABS_DEBIAN_MIRROR: "http://mirror/debian", http_proxy: "http://proxy:1" };
    const tar = await debianRoot(machine(1000, { exec: recorder(calls), env }), () => undefined, ["busybox-static"]);
    expect(await readFile(tar, "utf8")).toBe("root");
    expect(calls[0]).toMatch(/^docker run -d --name labs-root-1 --pull never --privileged --network host --user 0:0 /);
    expect(calls[0]).toContain(" -v /usr:/usr:ro ");
    expect(calls[0]).toContain(" -e http_proxy ");
    expect(calls[0]).not.toContain(folder);
    expect(calls[1]).toMatch(
      /^docker exec labs-root-1 debootstrap .*--include=busybox-static .* trixie \/work\/root http:\/\/mirror\/debian$/,
    );
    expect(calls.at(-2)).toMatch(/^docker cp labs-root-1:\/work\/root\.tar /);
    expect(calls.at(-1)).toBe("docker rm -f -v labs-root-1");
    expect(calls.filter((line) => !line.startsWith("docker "))).toEqual([]);
  });

  it("leaves no container and no file when it cannot be made", async () => {
    for (const step of ["docker run", "debootstrap --variant", "tar -C", "docker cp"]) {
      const calls: string[] = [];
      const making = debianRoot(machine(1000, { exec: recorder(calls, step) }), () => undefined, ["bash"]);
      await expect(making).rejects.toMatchObject({ exitCode: 3, message: expect.stringContaining("E: it broke") });
      expect(calls.at(-1)).toBe("docker rm -f -v labs-root-1");
      expect(await readdir(join(folder, "data", "cache"))).toEqual([]);
    }
  });

  it("is made on the host by root, without the engine", async () => {
    const calls: string[] = [];
    const tar = await debianRoot(machine(0, { exec: recorder(calls) }), () => undefined, ["bash"]);
    expect(await readFile(tar, "utf8")).toBe("root");
    expect(calls.filter((line) => line.startsWith("docker "))).toEqual([]);
    expect(calls.some((line) => line.startsWith("debootstrap --variant=minbase --include=bash "))).toBe(true);
  });
});
