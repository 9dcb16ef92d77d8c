import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { environmentError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import { dockerfileImages } from "../../src/lab/read/dockerfile.ts";
import { imageProblem } from "../../src/lab/read/images.ts";
import { baseImages, baseImagesOf } from "../../src/images/base-images.ts";
import { baseImageDigest, missingBaseImages } from "../../src/setup/base-images/find.ts";
import { makeBaseImage } from "../../src/setup/base-images/build.ts";
import { pulledBaseDigest, pulledBases } from "../../src/setup/base-images/pull.ts";
import { baseImageSteps } from "../../src/setup/base-images/steps.ts";
import { baseImageProbes } from "../../src/setup/probes/installed.ts";
import { examine } from "../../src/setup/probes/probe.ts";
import { goBin } from "../../src/images/versions.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const manifests = fileURLToPath(new URL("../../manifests", import.meta.url));
const base = fakeRuntime();

/** A machine on which these images carry these digests. */
function machine(labels: Readonly<Record<string, string>>) {
  return fakeRuntime({
    paths: { ...base.paths, manifests },
    exec: async (argv) => {
      const stdout = labels[argv.at(-1) ?? ""];
      return stdout === undefined ? { exitCode: 1, stdout: "", stderr: "" } : { exitCode: 0, stdout, stderr: "" };
    },
  });
}

/** The same machine with an engine that says its version. */
function engine(exec: Exec): Exec {
  return async (argv, options) =>
    argv[1] === "version" ? { exitCode: 0, stdout: "28.0.0", stderr: "" } : exec(argv, options);
}

describe("base images", () => {
  it("are missing until they are there, built from this very recipe", async () => {
    const [debian] = baseImagesOf(["debian"]);
    if (debian === undefined) throw new Error("there is no debian");
    const digest = await baseImageDigest(machine({}), debian);
    expect(await missingBaseImages(machine({}), ["debian"])).toEqual([debian]);
    expect(await missingBaseImages(machine({ [debian.ref]: "older" }), ["debian"])).toEqual([debian]);
    expect(await missingBaseImages(machine({ [debian.ref]: digest }), ["debian"])).toEqual([]);
    const [step] = baseImageSteps(machine({ [debian.ref]: digest }), ["debian"]);
    expect(await step?.skip?.()).toBe("already there");
  });

  it("count as there when they were made on top of a pulled image", async () => {
    const [golang] = baseImagesOf(["golang"]);
    if (golang === undefined) throw new Error("there is no golang");
    const digest = await pulledBaseDigest(machine({}), golang);
    expect(await missingBaseImages(machine({ [golang.ref]: digest }), ["golang"])).toEqual([]);
    const another = { ...pulledBases, golang: "golang@sha256:0" };
    expect(await pulledBaseDigest(machine({}), golang, another)).not.toBe(digest);
  });

  it("are pulled by digest, and each has something to pull", () => {
    expect(Object.keys(pulledBases).toSorted()).toEqual(baseImages.map(({ name }) => name).toSorted());
    for (const ref of Object.values(pulledBases)) expect(ref).toMatch(/^[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(pulledBases["golang"]).toMatch(`golang:${goBin}-`);
  });

  it("say why neither way worked, with the cure for this user", async () => {
    const [debian] = baseImagesOf(["debian"]);
    if (debian === undefined) throw new Error("there is no debian");
    const rt = fakeRuntime({
      ...machine({}),
      env: { PATH: "/nowhere" },
      exec: async (argv) => {
        if (argv[1] === "pull") throw environmentError("docker pull exited with 1\nno such host");
        return { exitCode: 1, stdout: "", stderr: "" };
      },
    });
    await expect(makeBaseImage(rt, debian, () => undefined)).rejects.toMatchObject({
      exitCode: 3,
      message: "the base image labs/debian:13 can neither be pulled (no such host) nor built: there is no debootstrap",
      cure: "install debootstrap and debian-archive-keyring",
    });
    const [row] = await examine({ ...rt, exec: engine(rt.exec) }, baseImageProbes);
    expect(row).toMatchObject({ id: "base-image-debian", level: "warn", cure: expect.stringContaining("--images") });
  });

  it("are asked for by nobody who does not name them", async () => {
    expect(await missingBaseImages(fakeRuntime(), [])).toEqual([]);
    expect(baseImageSteps(fakeRuntime(), [])).toEqual([]);
  });

  it.each(baseImages)(
    "$name is made from nothing, and Dockerfiles of a lab that names it may use it",
    ({ name, ref }) => {
      const text = readFileSync(join(manifests, "base-images", `${name}.Dockerfile`));
      expect(dockerfileImages(new Map([["Dockerfile", text]]))).toEqual([]);
      expect(imageProblem(ref, [name])).toBeUndefined();
      expect(imageProblem(ref)).toContain("is not provided by setup");
    },
  );

  it("promise the Go that set-up fetches", () => {
    expect(baseImagesOf(["golang"])[0]?.ref).toBe(`labs/golang:${goBin.split(".").slice(0, 2).join(".")}`);
  });
});
