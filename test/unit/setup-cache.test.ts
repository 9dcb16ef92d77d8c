import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cached } from "../../src/setup/cache.ts";
import { digestOf } from "../../src/setup/digest.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "labs-setup-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe("cached", () => {
  it("makes an artefact once", async () => {
    const path = join(folder, "sub", "tool");
    let made = 0;
    const make = async (draft: string) => {
      made++;
      await writeFile(draft, "tool");
    };
    await cached(fakeRuntime(), path, make);
    await cached(fakeRuntime(), path, make);
    expect(made).toBe(1);
    expect(await readFile(path, "utf8")).toBe("tool");
  });

  it("leaves nothing that looks whole when it is interrupted", async () => {
    const path = join(folder, "tool");
    const broken = cached(fakeRuntime(), path, async (draft) => {
      await writeFile(draft, "ha");
      throw new Error("interrupted");
    });
    await expect(broken).rejects.toThrow("interrupted");
    expect(await readdir(folder)).toEqual([]);
  });
});

describe("digestOf", () => {
  it("changes with a file's name, its content and the settings, and with nothing else", async () => {
    await writeFile(join(folder, "a"), "1");
    const before = await digestOf(folder, { arch: "amd64" });
    expect(await digestOf(folder, { arch: "amd64" })).toBe(before);
    expect(await digestOf(folder, { arch: "arm64" })).not.toBe(before);
    await writeFile(join(folder, "b"), "");
    const named = await digestOf(folder, { arch: "amd64" });
    expect(named).not.toBe(before);
    expect(await digestOf(folder, { arch: "amd64" }, (file) => file !== "b")).toBe(before);
    await writeFile(join(folder, "a"), "2");
    expect(await digestOf(folder, { arch: "amd64" })).not.toBe(named);
  });
});
