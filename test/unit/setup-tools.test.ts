import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Exec } from "../../src/exec.ts";
import { complete } from "../../src/setup/find-tools.ts";
import { findGo, isRecentGo } from "../../src/setup/go-toolchain.ts";
import { findKind } from "../../src/setup/kind-tool.ts";
import { findKubectl } from "../../src/setup/kubectl-tool.ts";
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

const says =
  (stdout: string): Exec =>
  async () => ({ exitCode: 0, stdout, stderr: "" });
const kubectlSays = (version: string) => says(JSON.stringify({ clientVersion: { gitVersion: version } }));

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
