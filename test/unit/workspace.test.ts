import { mkdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { partOf } from "../../src/lab/workspace.ts";
import {
  copyFiles,
  layWorkspace,
  putWorkspaceAside,
  workspaceDigest,
  workspaceDir,
} from "../../src/session/workspace.ts";
import { readEvents } from "../../src/session/event-log.ts";
import { runtimeAtHome } from "../fakes/scene.ts";
import { fakeSession } from "../fakes/session.ts";

const files = (texts: Record<string, string>) =>
  new Map(Object.entries(texts).map(([path, text]) => [path, Buffer.from(text)]));
const lab = { dir: "/labs/a", files: files({ "workspace/a": "1", "workspace/b/c": "2", workspaces: "3" }) };

describe("files below a folder of a lab", () => {
  it("have paths inside it", () => {
    expect(partOf(lab, "workspace/")).toEqual(files({ a: "1", "b/c": "2" }));
    expect(partOf(lab, "workspace/b")).toEqual(files({ c: "2" }));
  });

  it.each(["../other", "/etc", "workspace/../.."])("are not those of %s", (path) => {
    expect(partOf(lab, path)).toBe(`"${path}" leaves the lab's folder`);
  });

  it("must be there", () => {
    expect(partOf(lab, "fault")).toBe('"fault" is no folder with files');
  });
});

describe("the learner's folder", () => {
  it("is made afresh, and scripts in it can be run", async () => {
    const { rt } = await runtimeAtHome();
    await layWorkspace(rt, files({ "old/file": "x" }));
    await layWorkspace(rt, files({ Dockerfile: "FROM a", "bin/entry.sh": "#!/bin/sh\n" }));
    await expect(stat(join(workspaceDir(rt), "old"))).rejects.toThrow("ENOENT");
    expect((await stat(join(workspaceDir(rt), "bin/entry.sh"))).mode & 0o111).toBe(0o111);
    expect((await stat(join(workspaceDir(rt), "Dockerfile"))).mode & 0o111).toBe(0);
  });

  it("is never written through a link", async () => {
    const { rt } = await runtimeAtHome();
    const theirs = join(rt.paths.home, "theirs");
    await writeFile(theirs, "theirs");
    await mkdir(workspaceDir(rt), { recursive: true });
    await symlink(theirs, join(workspaceDir(rt), "Dockerfile"));
    await copyFiles(rt, files({ Dockerfile: "ours" }));
    expect(await readFile(theirs, "utf8")).toBe("theirs");
  });

  it("is kept at the end when something was written in it, each time in a place of its own", async () => {
    const { rt } = await runtimeAtHome();
    const dir = workspaceDir(rt);
    const kept: (string | undefined)[] = [];
    for (const text of ["2", "1", "3"]) {
      await layWorkspace(rt, files({ a: "1" }));
      const session = fakeSession({ workspace: (await workspaceDigest(rt)) ?? "" });
      await writeFile(join(dir, "a"), text);
      kept.push(await putWorkspaceAside(rt, session));
      expect(await workspaceDigest(rt)).toBeUndefined();
    }
    expect(kept).toEqual([`${dir}.kept`, undefined, `${dir}.kept-2`]);
    expect(await readFile(join(`${dir}.kept`, "a"), "utf8")).toBe("2");
    expect(await readFile(join(`${dir}.kept-2`, "a"), "utf8")).toBe("3");
    expect(await readEvents(rt, fakeSession())).toMatchObject([
      { type: "kept", path: `${dir}.kept` },
      { type: "kept", path: `${dir}.kept-2` },
    ]);
  });

  it("is no loss before it was handed over, or where there is none", async () => {
    const { rt } = await runtimeAtHome();
    expect(await putWorkspaceAside(rt, fakeSession())).toBeUndefined();
    await layWorkspace(rt, files({ a: "1" }));
    expect(await putWorkspaceAside(rt, fakeSession())).toBeUndefined();
    expect(await workspaceDigest(rt)).toBeUndefined();
  });

  it("is kept where nobody knows any more what was handed over", async () => {
    const { rt } = await runtimeAtHome();
    await layWorkspace(rt, files({ a: "1" }));
    expect(await putWorkspaceAside(rt, undefined)).toBe(`${workspaceDir(rt)}.kept`);
  });
});
