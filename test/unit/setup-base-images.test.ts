import { fileURLToPath } from "node:url";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { dockerfileImages } from "../../src/lab/dockerfile.ts";
import { imageProblem } from "../../src/lab/images.ts";
import { baseImages, baseImagesOf } from "../../src/setup/base-images/base-images.ts";
import { baseImageDigest, missingBaseImages } from "../../src/setup/base-images/find.ts";
import { baseImageSteps } from "../../src/setup/base-images/steps.ts";
import { goBin } from "../../src/setup/versions.ts";
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
