import { cp, mkdir, mkdtemp, readFile, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { lint } from "../../src/commands/lint.ts";
import { prove } from "../../src/commands/prove.ts";
import { engineDigest } from "../../src/lab/proof.ts";
import { recordPass } from "../../src/prove/record.ts";
import { list } from "../../src/commands/list.ts";
import { show } from "../../src/commands/show.ts";
import { findLab, spreadFolders } from "../../src/lab/read/catalog.ts";
import { folderDigest, readFolder } from "../../src/lab/read/folder.ts";
import { table } from "../../src/report/table.ts";
import { fakeRuntime, fakeSink } from "../fakes/runtime.ts";
import { labFolder } from "../fakes/lab-folder.ts";

let library = "";

async function writeLab(name: string, change = (text: string) => text): Promise<string> {
  const dir = join(library, name);
  for (const [file, content] of labFolder().files) {
    await mkdir(dirname(join(dir, file)), { recursive: true });
    // The real registries stand behind the commands, and their resource check asks for a path.
    const text = content.toString("utf8").replaceAll(", op: ", ", path: metadata.name, op: ");
    await writeFile(join(dir, file), file === "lab.yaml" ? change(text) : text);
  }
  return dir;
}

function runtime(columns?: number) {
  const out = fakeSink(columns === undefined ? {} : { isTTY: true, columns });
  const err = fakeSink();
  const base = fakeRuntime();
  return { out, err, rt: { ...base, out, err, cwd: library, paths: { ...base.paths, library } } };
}

beforeEach(async () => {
  library = await mkdtemp(join(tmpdir(), "labs-library-"));
});

describe("list", () => {
  it("shows one line a lab, no wider than the terminal", async () => {
    await writeLab("quiet-web", (text) =>
      text.replace("[probes]", "[probes, a-rather-long-topic, another-rather-long-topic]"),
    );
    await writeLab("broken", () => "title: [");
    const { rt, out } = runtime(60);
    await expect(list(rt)).resolves.toBe(0);
    expect(out.text()).toBe(
      [
        "NAME       LEVEL   MIN  TOPICS                SANDBOX  PROOF",
        "broken     -         -  lab.yaml is not rig…  -        -",
        "quiet-web  medium   10  probes, a-rather-lo…  kind     -",
        "",
      ].join("\n"),
    );
  });

  it("is data with --json", async () => {
    await writeLab("quiet-web", (text) => text.replace("workers: 0", "workers: 2"));
    const { rt, out } = runtime();
    await list(rt, { json: true });
    expect(JSON.parse(out.text())).toEqual([
      {
        id: "quiet-web",
        title: "Quiet web",
        summary: "The web does not answer.",
        level: "medium",
        minutes: 10,
        topics: ["probes"],
        valid: true,
        sandbox: { provider: "kind", workers: 2 },
        proof: null,
      },
    ]);
  });

  it.each([
    ["core 1", false, "proven"],
    ["core 2", false, "due"],
    ["core 1", true, "stale"],
    [undefined, false, "-"],
  ])("a proof with %s, the lab changed since: %s -> %s", async (core, changed, state) => {
    const dir = await writeLab("quiet-web");
    const { rt, out } = runtime();
    const engine = join(dir, "..", "engine.json");
    await writeFile(engine, JSON.stringify({ core: "core 1" }));
    if (core !== undefined) {
      const lab = folderDigest(await readFolder(dir));
      const pass = { at: "2026-01-01T00:00:00Z", seconds: 1, cases: 3, sandbox: "docker" };
      await recordPass(dir, { lab, parts: ["core"], engine: engineDigest({ core }, ["core"]) }, pass);
    }
    if (changed) await writeFile(join(dir, "debrief.md"), "more\n");
    await list({ ...rt, paths: { ...rt.paths, engine } });
    expect(out.text().trimEnd().split("\n").at(-1)).toMatch(new RegExp(` ${state}$`));
  });

  it("cuts nothing where there is no terminal", () => {
    expect(table([{ title: "A", shrinkTo: 2 }, { title: "B" }], [["long text", "b"]])).toBe(
      "A          B\nlong text  b\n",
    );
    expect(table([{ title: "A", shrinkTo: 4 }, { title: "B" }], [["long text", "b"]], 5)).toBe("A     B\nlon…  b\n");
  });
});

describe("show", () => {
  it("tells the story and spoils nothing", async () => {
    await writeLab("quiet-web");
    for (const json of [false, true]) {
      const { rt, out } = runtime();
      await expect(show(rt, { lab: "quiet-web", json })).resolves.toBe(0);
      expect(out.text()).toContain("Nobody hears it.");
      expect(out.text()).not.toContain("It rolls");
      expect(out.text()).not.toMatch(/Look|What it was|variants|fails|fault|"one"/);
    }
  });

  it("names a lab as the person did", async () => {
    await writeLab("quiet-web");
    const { rt, out } = runtime();
    await show(rt, { lab: "./quiet-web" });
    expect(out.text()).toContain("labs start ./quiet-web\n");
  });

  it("knows the nearest name", async () => {
    await writeLab("quiet-web");
    await expect(show(runtime().rt, { lab: "quiet-wep" })).rejects.toMatchObject({
      exitCode: 2,
      message: 'there is no lab "quiet-wep", did you mean "quiet-web"?',
    });
  });

  it("tells every error of a lab that is not right", async () => {
    await writeLab("quiet-web", (text) =>
      text.replace("minutes: 10", "minutes: x").replace("level: medium", "level: soft"),
    );
    await expect(show(runtime().rt, { lab: "./quiet-web" })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/2 errors\n.*lab\.yaml:3: level: .*\n.*lab\.yaml:4: minutes: /),
    });
  });
});

describe("finding a lab", () => {
  it("takes names and paths, also through a link to the folder", async () => {
    const dir = await writeLab("quiet-web");
    const { rt } = runtime();
    await symlink(dir, join(library, "link"));
    await expect(findLab(rt, "quiet-web")).resolves.toBe(dir);
    await expect(findLab(rt, "./quiet-web")).resolves.toBe(dir);
    await expect(findLab(rt, dir)).resolves.toBe(dir);
    await expect(findLab(rt, "./link")).resolves.toBe(dir);
  });

  it.each(["./elsewhere", "/nowhere", "..", "nothing-like-it"])("refuses %s", async (name) => {
    await writeLab("quiet-web");
    await expect(findLab(runtime().rt, name)).rejects.toMatchObject({ exitCode: 2, cure: "labs list" });
  });

  it("takes a folder of labs for all of them where several may be named", async () => {
    const { rt } = runtime();
    const [a, b] = [await writeLab("mine/a"), await writeLab("mine/b")];
    await expect(spreadFolders(rt, ["./mine", "quiet-web", "./nowhere"])).resolves.toEqual([
      a,
      b,
      "quiet-web",
      "./nowhere",
    ]);
    await expect(spreadFolders(rt, ["./mine/a", "./mine"])).resolves.toEqual([a, b]);
    const elsewhere = { ...rt, paths: { ...rt.paths, library: join(library, "other") } };
    await expect(prove(elsewhere, ["./mine"], {})).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringMatching(/^proving \S+mine\/a runs its scripts/),
    });
  });

  it("says so when the name is a folder here", async () => {
    const { rt } = runtime();
    const dir = await writeLab("quiet-web");
    const elsewhere = { ...rt, paths: { ...rt.paths, library: await mkdtemp(join(tmpdir(), "labs-empty-")) } };
    await cp(dir, join(library, "copy"), { recursive: true });
    await expect(findLab(elsewhere, "copy")).rejects.toThrow("./copy");
  });
});

describe("lint", () => {
  it("is content with a lab that is right", async () => {
    await writeLab("quiet-web");
    const { rt, out, err } = runtime();
    await expect(lint(rt, { labs: [] })).resolves.toBe(0);
    expect([out.text(), err.text()]).toEqual(["", "1 lab, 0 errors, 0 warnings\n"]);
  });

  it("tells the problems of all labs, an unsafe folder among them", async () => {
    await writeLab("one", (text) => text.replace("when: answers", "when: answer"));
    const dir = await writeLab("two");
    await symlink("/etc/passwd", join(dir, "users"));
    const { rt, out, err } = runtime();
    await expect(lint(rt, { labs: [] })).resolves.toBe(2);
    expect(out.text()).toMatch(
      /^one\/lab\.yaml:\d+: a hint names check "answer".*\ntwo\/\.: .*users is a symbolic link.*\n$/,
    );
    expect(err.text()).toBe("2 labs, 2 errors, 0 warnings\n");
  });

  it("shows the files of the folder that one stands in", async () => {
    const dir = await writeLab("one", (text) => text.replace("when: answers", "when: answer"));
    const { rt, out } = runtime();
    await lint({ ...rt, cwd: dir }, { labs: ["."] });
    expect(out.text()).toMatch(/^\.\/lab\.yaml:\d+: /);
  });

  it("looks at every lab of a folder of labs", async () => {
    await writeLab("mine/one", (text) => text.replace("when: answers", "when: answer"));
    await writeLab("mine/two");
    const { rt, out, err } = runtime();
    await expect(lint(rt, { labs: ["./mine"] })).resolves.toBe(2);
    expect(out.text()).toMatch(/^mine\/one\/lab\.yaml:\d+: [^\n]*\n$/);
    expect(err.text()).toBe("2 labs, 1 error, 0 warnings\n");
  });

  it("passes with warnings, and shows them", async () => {
    const dir = await writeLab("one");
    await writeFile(join(dir, "README.md"), "Please fix it.\n");
    const { rt, out } = runtime();
    await expect(lint(rt, { labs: ["one"], json: true })).resolves.toBe(0);
    expect(JSON.parse(out.text())).toMatchObject([
      { id: "one", problems: [{ severity: "warning", file: "README.md", line: 1 }] },
    ]);
    expect(await readFile(join(dir, "README.md"), "utf8")).toBe("Please fix it.\n");
  });
});
