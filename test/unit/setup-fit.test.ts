import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { environmentError } from "../../src/lib/errors.ts";
import type { Exec } from "../../src/lib/exec.ts";
import type { Runtime } from "../../src/runtime.ts";
import { findNodeImage, nodeRecipeDigest } from "../../src/setup/node-image/find.ts";
import { fitPulled } from "../../src/setup/node-image/fit.ts";
import { nodeImageSteps } from "../../src/setup/node-image/steps.ts";
import { nodeImageProbe } from "../../src/setup/probes/installed.ts";
import { builtNodeImage, pulledNodeImage } from "../../src/images/versions.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const mirror = "mirror.example.com/kindest/node:v1.36.1";
const manifests = join(import.meta.dirname, "../../manifests");
let data: string;
/** Images of the engine: name -> id and recipe label. */
let images: Map<string, { readonly id: string; readonly recipe: string }>;
/** What was asked of the engine, without look-ups. */
let asked: string[];
let contexts: Record<string, string>[];
/** What a build or a pull prints before it fails; it works when undefined. */
let failures: { build?: string; pull?: string };

beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), "labs-fit-"));
  images = new Map();
  asked = [];
  contexts = [];
  failures = {};
});
afterEach(() => rm(data, { recursive: true, force: true }));

const valueOf = (argv: readonly string[], option: string) => argv[argv.indexOf(option) + 1] ?? "";

const said = (stdout: string) => ({ exitCode: 0, stdout, stderr: "" });

const engine: Exec = async (argv) => {
  const [program, verb, ...rest] = argv;
  if (program !== "docker") throw new Error(`unexpected program ${argv.join(" ")}`);
  if (verb === "version") return said("28.0.0");
  if (verb === "image" && rest[0] === "inspect") {
    const image = images.get(rest.at(-1) ?? "");
    if (image === undefined) return { exitCode: 1, stdout: "", stderr: "no such image" };
    return said(rest.includes("{{.Id}}") ? image.id : image.recipe);
  }
  asked.push(verb === "image" ? "prune" : (verb ?? ""));
  if (verb === "pull") {
    if (failures.pull !== undefined) throw environmentError(failures.pull);
    images.set(rest[0] ?? "", { id: "sha256:pulled", recipe: "" });
  } else if (verb === "tag") {
    images.set(rest[1] ?? "", images.get(rest[0] ?? "") ?? { id: "", recipe: "" });
  } else if (verb === "rmi") {
    images.delete(rest[0] ?? "");
  } else if (verb === "build") {
    const folder = rest.at(-1) ?? "";
    const file = (name: string) => readFile(join(folder, name), "utf8");
    contexts.push({
      base: valueOf(argv, "--build-arg"),
      dockerfile: await file("Dockerfile"),
      unit: await file("recipe/overlay/etc/systemd/system/labs-network.service"),
      kubernetes: await file("recipe/kubernetes"),
    });
    if (failures.build !== undefined) throw environmentError(`docker build exited with 1\n${failures.build}`);
    const recipe = argv.find((one) => one.startsWith("dev.labs.recipe="))?.split("=")[1] ?? "";
    images.set(valueOf(argv, "-t"), { id: "sha256:fitted", recipe });
  } else if (verb !== "image") throw new Error(`unexpected ${argv.join(" ")}`);
  return said("");
};

function host(parts: Partial<Runtime> = {}): Runtime {
  const base = fakeRuntime({ exec: engine, ...parts });
  return { ...base, paths: { ...base.paths, manifests, data } };
}

const named = () => host({ env: { LABS_NODE_IMAGE: mirror } });

const quiet = { note: () => undefined };

describe("a pulled node image", () => {
  it("is used with our network unit put in, under a name of its own, and found again", async () => {
    images.set(mirror, { id: "sha256:one", recipe: "" });
    expect(await findNodeImage(host(), mirror)).toBeUndefined();
    const fitted = await fitPulled(host(), mirror);
    expect(fitted).toEqual({ ok: true, ref: expect.stringMatching(/^labs\/node:pulled-[0-9a-f]{8}$/) });
    expect(contexts[0]).toMatchObject({ kubernetes: "v1.36", unit: expect.stringContaining("labs-network") });
    expect(contexts[0]?.["base"]).toMatch(/^BASE=labs-build\/pulled:/);
    expect(asked).toEqual(["tag", "build", "rmi"]);
    expect([...images.keys()].filter((name) => name.startsWith("labs-build/"))).toEqual([]);
    expect(await findNodeImage(host(), mirror)).toBe(fitted.ok ? fitted.ref : "");
  });

  it("is fitted anew when the name stands for another image, unless it is pinned by digest", async () => {
    images.set(mirror, { id: "sha256:one", recipe: "" });
    const first = await fitPulled(host(), mirror);
    images.set(mirror, { id: "sha256:two", recipe: "" });
    expect(await findNodeImage(host(), mirror)).toBeUndefined();
    expect(await fitPulled(host(), mirror)).not.toEqual(first);
    images.set(pulledNodeImage, { id: "sha256:three", recipe: "" });
    const pinned = await fitPulled(host(), pulledNodeImage);
    images.delete(pulledNodeImage);
    expect(await findNodeImage(host())).toBe(pinned.ok ? pinned.ref : "");
  });

  it("gives way to an image that was built from the recipe of today", async () => {
    images.set(pulledNodeImage, { id: "sha256:one", recipe: "" });
    const fitted = await fitPulled(host(), pulledNodeImage);
    images.set(builtNodeImage, { id: "sha256:built", recipe: "older" });
    expect(await findNodeImage(host())).toBe(fitted.ok ? fitted.ref : "");
    images.set(builtNodeImage, { id: "sha256:built", recipe: await nodeRecipeDigest(host()) });
    expect(await findNodeImage(host())).toBe(builtNodeImage);
  });

  it.each([
    [
      "#7 0.2 unfit: it has no network plugin ptp in /opt/cni/bin\n#7 ERROR: exit code: 1",
      "it has no network plugin ptp",
    ],
    ["no space left on device", "fitting it failed: no space left on device"],
  ])("that is no fit says why in one line: %s", async (build, why) => {
    images.set(mirror, { id: "sha256:one", recipe: "" });
    failures.build = build;
    expect(await fitPulled(host(), mirror)).toEqual({ ok: false, why: expect.stringContaining(why) });
    expect(asked).toEqual(["tag", "build", "prune", "rmi"]);
  });

  it("that is no fit is not used: set-up builds", async () => {
    failures.build = "unfit: it has no program jq";
    const ready: string[] = [];
    const notes: string[] = [];
    const root = { platform: "linux", arch: "x64", uid: 1000, pid: 1 };
    const [pull] = nodeImageSteps(host({ host: root, env: { PATH: "/nowhere" } }), (ref) => ready.push(ref));
    await expect(pull?.run({ note: (text) => notes.push(text) })).rejects.toThrow(
      "can neither be pulled (it has no program jq) nor built: there is no debootstrap",
    );
    expect(ready).toEqual([]);
  });
});

describe("LABS_NODE_IMAGE", () => {
  it("is used instead of every other image, and pulled when it is not here", async () => {
    images.set(builtNodeImage, { id: "sha256:built", recipe: await nodeRecipeDigest(host()) });
    expect(await findNodeImage(named())).toBeUndefined();
    const ready: string[] = [];
    const [pull, ...build] = nodeImageSteps(named(), (ref) => ready.push(ref));
    expect(pull?.title).toBe(`Node image: ${mirror}`);
    expect(await pull?.skip?.()).toBe(false);
    await pull?.run(quiet);
    expect(asked).toEqual(["pull", "tag", "build", "rmi"]);
    expect(await findNodeImage(named())).toBe(ready[0]);
    for (const step of build) expect(await step.skip?.()).toBe("not needed");
  });

  it("is not pulled when it is here", async () => {
    images.set(mirror, { id: "sha256:one", recipe: "" });
    const [pull] = nodeImageSteps(named(), () => undefined);
    await pull?.run(quiet);
    expect(asked).not.toContain("pull");
  });

  it("is an error when it cannot be had, and nothing is built in its place", async () => {
    failures.pull = "manifest unknown";
    const [pull] = nodeImageSteps(named(), () => undefined);
    await expect(pull?.run(quiet)).rejects.toMatchObject({
      exitCode: 3,
      message: `LABS_NODE_IMAGE names ${mirror}, which cannot be used: manifest unknown`,
      cure: expect.stringContaining("unset LABS_NODE_IMAGE"),
    });
  });

  it("is named by doctor while no node image was made from it", async () => {
    expect(await nodeImageProbe.look(named())).toMatchObject({
      level: "missing",
      found: expect.stringContaining(mirror),
      cure: "labs setup",
    });
    images.set(mirror, { id: "sha256:one", recipe: "" });
    await fitPulled(named(), mirror);
    expect(await nodeImageProbe.look(named())).toMatchObject({ level: "ok" });
  });

  it("that is empty is none", async () => {
    images.set(builtNodeImage, { id: "sha256:built", recipe: await nodeRecipeDigest(host()) });
    expect(await findNodeImage(host({ env: { LABS_NODE_IMAGE: "" } }))).toBe(builtNodeImage);
  });
});
