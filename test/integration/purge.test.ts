import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createExec } from "../../src/lib/exec.ts";
import { findOurImages, ourImages, type OurImages } from "../../src/setup/our-images.ts";
import { purge, purgePlan } from "../../src/setup/purge.ts";
import { goAppImage } from "../../src/images/versions.ts";
import { systemClock } from "../../src/lib/clock.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { describeDocker, docker } from "./docker-engine.ts";

/** Of this test alone: the images that all tests need must stay. */
const prefix = `labs-purge-${randomBytes(4).toString("hex")}`;
const label = `dev.labs.test-purge=${prefix}`;
const ours: OurImages = {
  labels: [label],
  repositories: [`${prefix}/*`],
  pulled: [],
  owns: (name) => name.startsWith(`${prefix}/`),
};

async function build(tag: string, from: string, marked: boolean): Promise<void> {
  const text = `FROM ${from}\nLABEL ${marked ? label : "made.by=somebody"}\nENV TAG=${tag}\n`;
  await execa("docker", ["build", "--network", "none", "-t", tag, "-"], { input: text });
}

describeDocker("purge", () => {
  let dir: string;
  const notes: string[] = [];
  const note = (text: string): number => notes.push(text);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), "labs-purge-"));
  });
  afterAll(async () => {
    await execa("docker", ["rm", "-f", `${prefix}-user`], { reject: false });
    for (const tag of [`${prefix}/child:1`, `${prefix}/used:1`, `${prefix}/named:1`, `${prefix}-own/copy:1`]) {
      await execa("docker", ["rmi", tag], { reject: false });
    }
    await rm(dir, { recursive: true, force: true });
  });

  const runtime = () => {
    const base = fakeRuntime({
      clock: systemClock,
      docker: async () => docker,
      exec: createExec(process.env, new AbortController().signal),
    });
    const paths = { ...base.paths, home: join(dir, "home"), data: join(dir, "data") };
    return { ...base, paths, host: { ...base.host, pid: process.pid } };
  };

  it("removes images with our labels and names, tools and caches, and leaves what others use or named", async () => {
    await build(`${prefix}/named:1`, goAppImage, true);
    await build(`${prefix}/child:1`, `${prefix}/named:1`, false);
    await build(`${prefix}/used:1`, goAppImage, true);
    await execa("docker", ["tag", `${prefix}/named:1`, `${prefix}-own/copy:1`]);
    await execa("docker", ["create", "--name", `${prefix}-user`, `${prefix}/used:1`]);
    for (const folder of ["bin", "cache/go", "go-1.26.6/go"])
      await mkdir(join(dir, "data", folder), { recursive: true });
    await writeFile(join(dir, "data", "notes.txt"), "");
    const rt = runtime();
    const plan = (await purgePlan(rt, false, ours)).join("\n");
    for (const name of ["named", "child", "used"]) expect(plan).toContain(`${prefix}/${name}:1`);
    const { removed, kept } = await purge(rt, note, ours);
    expect(removed).toEqual(expect.arrayContaining([`${prefix}/named:1`, `${prefix}/child:1`, join(dir, "data")]));
    expect(kept).toEqual([`${prefix}/used:1: a container uses it`, join(dir, "data", "notes.txt")]);
    expect(await docker.image(`${prefix}/named:1`)).toBeUndefined();
    expect(await docker.image(`${prefix}-own/copy:1`)).toBeDefined();
    expect(await docker.image(goAppImage)).toBeDefined();
    expect(await readdir(join(dir, "data"))).toEqual(["notes.txt"]);
  });

  it("knows the images of this machine as ours, and none of a test's", async () => {
    const tags = (await findOurImages(docker, ourImages)).flatMap((image) =>
      image.tags.filter((tag) => ourImages.owns(tag)),
    );
    expect(tags).toContain(goAppImage);
    expect(tags.filter((tag) => tag.startsWith("labs-purge-"))).toEqual([]);
  });
});
