import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Exec } from "../../src/lib/exec.ts";
import { createRuntime } from "../../src/host.ts";
import type { Runtime } from "../../src/runtime.ts";
import { baseImages, type BaseImage } from "../../src/images/base-images.ts";
import { makeBaseImage } from "../../src/setup/base-images/build.ts";
import { pullBaseImage, pulledBaseDigest, type PulledBases } from "../../src/setup/base-images/pull.ts";
import { imageLabel } from "../../src/setup/engine.ts";
import { recipeLabel } from "../../src/images/versions.ts";
import { isExecutable } from "../../src/setup/which.ts";
import { describeDocker } from "./docker-engine.ts";
import { startRegistry, unpackPackage, type Registry } from "./pull-registry.ts";

const host = createRuntime(new AbortController().signal);
const docker = (...argv: string[]) => host.exec(["docker", ...argv]);
const quiet = () => undefined;

/** One image in place of all three official ones: busybox, a shell, and a `go` that tells what it was asked. */
const standIn = `FROM scratch
COPY busybox /bin/busybox
RUN [ "/bin/busybox", "--install", "/bin" ]
COPY busybox /bin/bash
COPY go /usr/local/go/bin/go
RUN [ "/bin/busybox", "chmod", "+x", "/usr/local/go/bin/go" ]
`;
const go = '#!/bin/sh\n[ "$1" = env ] && echo amd64 || echo "$GOARCH $CGO_ENABLED $*" >>/asked\n';

let folder: string;
let registry: Registry | undefined;
let repository: string;
let pushed: string;
const made: string[] = [];

/** A base image under a name of this test alone. */
function ours(name: string): BaseImage {
  const image = baseImages.find((one) => one.name === name);
  if (image === undefined) throw new Error(`there is no ${name}`);
  const ref = `labs-test/${name}:${process.pid}`;
  made.push(ref);
  return { ...image, ref };
}

const all = (ref: string): PulledBases => ({ debian: ref, busybox: ref, golang: ref });

/** This host with nothing built before, and a debootstrap on PATH. */
function fresh(exec: Exec = host.exec): Runtime {
  const env = { ...host.env, PATH: `${join(folder, "bin")}${delimiter}${host.env["PATH"] ?? ""}` };
  const paths = { ...host.paths, data: join(folder, "data") };
  return { ...host, exec, env, paths, host: { ...host.host, platform: "linux", uid: 0 } };
}

/** The engine and the registry are real; a build is stopped at its first command. */
const stopped: Exec = async (argv, options) => {
  if (argv[0] === "debootstrap") throw new Error("the build has begun");
  return host.exec(argv, options);
};

describeDocker("base images", () => {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "labs-bases-"));
    registry = await startRegistry(host);
    if (registry === undefined) throw new Error("no registry: install docker-registry");
    repository = `${registry.address}/labs-test/base`;
    const unpacked = await unpackPackage(host, "busybox-static", folder);
    if (unpacked === undefined) throw new Error("no package busybox-static");
    const context = join(folder, "context");
    await mkdir(context);
    const programs = await Promise.all(["bin", "usr/bin"].map((at) => isExecutable(join(unpacked, at, "busybox"))));
    await copyFile(join(unpacked, programs[0] === true ? "bin" : "usr/bin", "busybox"), join(context, "busybox"));
    await writeFile(join(context, "go"), go);
    // Its address makes the image another one than that of any earlier run.
    await writeFile(join(context, "Dockerfile"), `${standIn}ENV FROM=${repository}\n`);
    await docker("build", "--force-rm", "--network", "none", "-t", `${repository}:1`, context);
    await docker("push", `${repository}:1`);
    const format = "{{index .RepoDigests 0}}";
    pushed = (await docker("image", "inspect", "--format", format, `${repository}:1`)).stdout.trim();
    await docker("rmi", "-f", `${repository}:1`, pushed);
  });

  afterAll(async () => {
    await host.exec(["docker", "rmi", "-f", pushed, ...made], { allowFailure: true });
    await registry?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it.each([
    ["busybox", ["busybox", "echo", "here"], "here"],
    ["debian", ["/usr/bin/busybox", "echo", "here"], "here"],
    [
      "golang",
      ["cat", "/asked"],
      expect.stringMatching(/^amd64 0 build net\/http .*\namd64 1 build .*\nmips 0 build /),
    ],
  ])("%s is the recipe on top of what is pulled by digest", async (name, command, said) => {
    expect(await imageLabel(host, pushed, "any")).toBeUndefined();
    const image = ours(name);
    expect(await pullBaseImage(fresh(), image, quiet, all(pushed))).toEqual({ ok: true });
    expect(await imageLabel(host, image.ref, recipeLabel)).toBe(await pulledBaseDigest(host, image, all(pushed)));
    const { stdout } = await docker("run", "--rm", "--network", "none", image.ref, ...command);
    expect(stdout.trim()).toEqual(said);
    // Nothing else stays under a name.
    expect(await imageLabel(host, pushed, "any")).toBeUndefined();
  });

  it("are made without asking when the pulled image is here, and it stays", async () => {
    await docker("pull", pushed);
    const exec: Exec = async (argv, options) => {
      if (argv[1] === "pull") throw new Error("the registry was asked");
      return host.exec(argv, options);
    };
    expect(await pullBaseImage(fresh(exec), ours("busybox"), quiet, all(pushed))).toEqual({ ok: true });
    expect(await imageLabel(host, pushed, "any")).toBe("");
  });

  it("are built where the registry does not have them", async () => {
    await mkdir(join(folder, "bin"));
    await writeFile(join(folder, "bin", "debootstrap"), "");
    await chmod(join(folder, "bin", "debootstrap"), 0o755);
    const absent = `${repository}@sha256:${"0".repeat(64)}`;
    const making = makeBaseImage(fresh(stopped), ours("debian"), quiet, all(absent));
    await expect(making).rejects.toThrow(
      /could neither be pulled \(.*(manifest unknown|not found)\) nor built: the build/,
    );
  });
});
