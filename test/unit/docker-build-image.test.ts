import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ImageState } from "../../src/docker/docker.ts";
import { environmentError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import { buildFolder, builders, type Builder } from "../../src/sandbox/docker/build-image.ts";
import { removeImages } from "../../src/sandbox/docker/sandbox-images.ts";
import { fakeDocker } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "labs-build-"));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

async function buildWith(exec: Exec, builder: Builder = "classic") {
  await writeFile(join(dir, "Dockerfile"), "FROM labs/debian:13\n");
  const spec = { tag: "labs-abc123-web", dir, labels: { "dev.labs.sandbox": "labs-abc123" }, timeoutMs: 1000 };
  return buildFolder(fakeRuntime({ exec }), builder, spec);
}

test("a build has no network, and labels on every stage", async () => {
  const built = await buildWith(async (argv, options) => {
    expect(argv.join(" ")).toBe(
      `docker build --force-rm --network none --label dev.labs.sandbox=labs-abc123 -t labs-abc123-web -f - ${dir}`,
    );
    expect(options?.env).toMatchObject({ DOCKER_BUILDKIT: "0" });
    expect(options?.input).toContain('FROM labs/debian:13\nLABEL "dev.labs.sandbox"="labs-abc123"');
    return { exitCode: 0, stdout: "", stderr: "" };
  });
  expect(built).toEqual({ ok: true, seconds: 0 });
});

test("BuildKit loads what it built into the engine", async () => {
  await buildWith(async (argv, options) => {
    expect(argv.slice(0, 4)).toEqual(["docker", "buildx", "build", "--load"]);
    expect(options?.env).toMatchObject({ DOCKER_BUILDKIT: "1" });
    return { exitCode: 0, stdout: "", stderr: "" };
  }, "buildkit");
});

const late: Exec = async () => {
  throw environmentError("docker build did not end within 1 s");
};

test("a folder that does not build says why", async () => {
  const said =
    "DEPRECATED: The legacy builder\nStep 1/2 : RUN false\nThe command '/bin/sh -c false' returned a non-zero code: 1\n";
  expect(await buildWith(async () => ({ exitCode: 1, stdout: "", stderr: said }))).toEqual({
    ok: false,
    said: "Step 1/2 : RUN false | The command '/bin/sh -c false' returned a non-zero code: 1",
  });
  expect(await buildWith(late)).toEqual({ ok: false, said: "it did not end within 1 s" });
});

test("a folder without a Dockerfile does not build", async () => {
  const spec = { tag: "t", dir, labels: {}, timeoutMs: 1000 };
  expect(await buildFolder(fakeRuntime(), "classic", spec)).toEqual({ ok: false, said: "there is no Dockerfile" });
});

test("an engine that does not answer is no fault of the folder", async () => {
  const stderr = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock.";
  await expect(buildWith(async () => ({ exitCode: 1, stdout: "", stderr }))).rejects.toMatchObject({ exitCode: 3 });
});

const says = (stdout: string, exitCode = 0) => fakeRuntime({ exec: async () => ({ exitCode, stdout, stderr: "" }) });

test("BuildKit is used where its plugin builds in the engine itself", async () => {
  expect(await builders(says("Name:   default\nDriver: docker\n"))).toEqual(["buildkit", "classic"]);
  expect(await builders(says("Name:   mine\nDriver: docker-container\n"))).toEqual(["classic"]);
  expect(await builders(says("", 1))).toEqual(["classic"]);
});

test("images of a sandbox go by its names and by label, and other people's names stay", async () => {
  let left: ImageState[] = [
    { id: "stage", tags: [] },
    { id: "web", tags: ["labs-abc123-web:latest", "mine:1"] },
    { id: "held", tags: [] },
  ];
  const asked: string[] = [];
  const docker = fakeDocker([], {
    images: async ({ label }) => (label === undefined ? [] : left),
    removeImage: async (ref) => {
      asked.push(ref);
      if (ref === "held" || (ref === "stage" && !asked.includes("labs-abc123-web:latest"))) return false;
      left = left.flatMap((one) => {
        if (one.id === ref) return [];
        return [{ ...one, tags: one.tags.filter((tag) => tag !== ref) }];
      });
      return true;
    },
  });
  expect(await removeImages(docker, "labs-abc123")).toBe(2);
  expect(left.map(({ id, tags }) => [id, ...tags])).toEqual([["web", "mine:1"], ["held"]]);
});
