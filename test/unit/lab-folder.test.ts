import { mkdir, mkdtemp, symlink, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { folderDigest, readFolder } from "../../src/lab/read/folder.ts";
import { readLab } from "../../src/lab/read/read-lab.ts";
import { parseYaml } from "../../src/lab/read/yaml-source.ts";
import { labFolder, testWords } from "../fakes/lab-folder.ts";

let dir = "";

const digest = (files: [string, string][]) =>
  folderDigest({ dir: "/lab", files: new Map(files.map(([name, text]) => [name, Buffer.from(text)])) });
const messages = (text: string) =>
  readLab(labFolder({ "lab.yaml": text }), testWords).problems.map((found) => found.message);
const problemsOf = (changes: Record<string, string | undefined>) => readLab(labFolder(changes), testWords).problems;
const object = (name: string) => `apiVersion: v1\nkind: Service\nmetadata: { name: ${name} }\n`;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "lab-folder-"));
  await mkdir(join(dir, "base"));
  await writeFile(join(dir, "lab.yaml"), "title: x\n");
  await writeFile(join(dir, "base/web.yaml"), "kind: Pod\n");
});

describe("reading a lab's folder", () => {
  it("takes every file but dot files and the proof", async () => {
    const before = folderDigest(await readFolder(dir));
    await writeFile(join(dir, "proof.json"), "{}");
    await writeFile(join(dir, ".swp"), "");
    const folder = await readFolder(dir);
    expect([...folder.files.keys()]).toEqual(["base/web.yaml", "lab.yaml"]);
    expect(folderDigest(folder)).toBe(before);
    await writeFile(join(dir, "base/web.yaml"), "kind: Job\n");
    expect(folderDigest(await readFolder(dir))).not.toBe(before);
  });

  it("tells names from contents in the digest", () => {
    expect(digest([["a", "bc"]])).not.toBe(digest([["ab", "c"]]));
    expect(
      digest([
        ["a", "1"],
        ["b", "2"],
      ]),
    ).toBe(
      digest([
        ["b", "2"],
        ["a", "1"],
      ]),
    );
  });

  it.each([
    ["/etc/passwd", "base/users.yaml"],
    ["..", "up"],
    ["lab.yaml", "same.yaml"],
  ])("refuses a link to %s", async (target, name) => {
    await symlink(target, join(dir, name));
    await expect(readFolder(dir)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining(name) });
  });

  it("refuses a large file without reading it", async () => {
    await writeFile(join(dir, "big.bin"), "");
    await truncate(join(dir, "big.bin"), 20_000_000_000);
    await expect(readFolder(dir)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining("1 MiB") });
  });

  it("refuses much in many files", async () => {
    for (let i = 0; i < 11; i++) {
      await writeFile(join(dir, `part${i}`), "");
      await truncate(join(dir, `part${i}`), 1024 * 1024);
    }
    await expect(readFolder(dir)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining("10 MB") });
  });

  it("refuses too many files and too deep folders", async () => {
    await mkdir(join(dir, "a/b/c/d/e/f/g/h/i/j/k"), { recursive: true });
    await expect(readFolder(dir)).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining("deep") });
    const many = await mkdtemp(join(tmpdir(), "lab-folder-"));
    await Promise.all(Array.from({ length: 501 }, (_, i) => writeFile(join(many, `f${i}`), "")));
    await expect(readFolder(many)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining("500 files"),
    });
  });
});

describe("hostile YAML", () => {
  it("is told when its aliases multiply", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(10)
          .fill(`*a${i - 1}`)
          .join(", ")}]`,
      );
    expect(messages(lines.join("\n"))).toEqual(["has too many aliases: a YAML bomb"]);
  });

  it("is told when its merge keys multiply", () => {
    const lines = ["a0: &a0 { x: 1 }"];
    for (let i = 1; i < 30; i++) lines.push(`a${i}: &a${i} { <<: [*a${i - 1}, *a${i - 1}] }`);
    expect(messages(lines.join("\n"))).toEqual(["has too many aliases: a YAML bomb"]);
  });

  it.each(["{ <<: 3 }", "{ <<: [1] }", "{ <<: *nothing }"])("is told when there is nothing to merge: %s", (text) => {
    expect(messages(`title: ${text}`)).toEqual(["<< takes a map that stands above it with an anchor: <<: *name"]);
  });

  it.each([
    ["brackets", `title: ${"[".repeat(100_000)}${"]".repeat(100_000)}`],
    // At this depth Node itself would abort in the parser.
    ["fewer brackets", `title: ${"[".repeat(20_000)}${"]".repeat(20_000)}`],
    ["braces", "{a: ".repeat(20_000)],
    ["dashes", "- ".repeat(20_000)],
    ["question marks", "? ".repeat(20_000)],
    ["indentation", Array.from({ length: 1000 }, (_, i) => `${" ".repeat(i)}a:`).join("\n")],
  ])("is told when it is nested without end, by %s", (_by, text) => {
    expect(messages(text)).toEqual(["is nested too deep"]);
  });

  it("is not seen in what is only text", () => {
    const text = "[".repeat(200);
    for (const scalar of [
      "x" + "\n".repeat(500),
      `"${text}"`,
      `|\n  ${"[\n  ".repeat(200)}`,
      `|\n  ${text}`,
      `x${text}`,
      `x # ${text}`,
    ]) {
      expect(parseYaml("lab.yaml", `title: ${scalar}\n`).problems).toEqual([]);
    }
    expect(parseYaml("lab.yaml", "- - x\n".repeat(200)).problems).toEqual([]);
  });

  it("is told when it is nested deeper than anything could need", () => {
    expect(messages(`title: ${"[".repeat(200)}${"]".repeat(200)}`)).toEqual(["is nested too deep"]);
  });

  it("is told in few words when it is not YAML", () => {
    expect(messages("[".repeat(1000)).length).toBeLessThanOrEqual(3);
  });

  it("does not reach prototypes", () => {
    expect(messages("__proto__: { polluted: true }\n")).toContainEqual(expect.stringContaining('"__proto__"'));
    expect("polluted" in {}).toBe(false);
  });

  it("does not make objects of tags", () => {
    expect(messages("title: !!js/function 'x'\n")).toEqual([expect.stringContaining("tag")]);
  });
});

describe("manifests", () => {
  it.each(["../other", "/etc", "base/../../other"])("may not be outside of the folder: %s", (path) => {
    const text = labFolder().files.get("lab.yaml")?.toString("utf8").replace("base: [base]", `base: [${path}]`);
    expect(problemsOf({ "lab.yaml": text })).toMatchObject([
      { file: "lab.yaml", line: 8, message: expect.stringContaining("leaves the lab's folder") },
    ]);
  });

  it("are told when they are not there", () => {
    expect(problemsOf({ "base/web.yaml": undefined })).toMatchObject([
      { line: 8, message: expect.stringContaining('"base"') },
    ]);
    expect(problemsOf({ "base/web.yaml": "# nothing\n---\n" })).toMatchObject([{ message: '"base" holds no object' }]);
  });

  it("are told by file and line when a document is no object", () => {
    const second = "apiVersion: v1\nkind: Service\nmetadata: { name: web }\n---\nkind: Pod\nmetadata:\n  nme: web\n";
    expect(problemsOf({ "base/web.yaml": second })).toMatchObject([
      { file: "base/web.yaml", line: 5, path: "apiVersion", message: "is missing" },
      { file: "base/web.yaml", line: 6, path: "metadata.name", message: "is missing" },
    ]);
    expect(problemsOf({ "base/web.yaml": "a: b: c\n" })).toMatchObject([{ file: "base/web.yaml", line: 1 }]);
  });

  it("have their merge keys merged, as kubectl does; a key of their own wins", () => {
    const text = object("a").replace(
      "metadata:",
      "x: &common { tier: front, app: none }\nlabels: { <<: *common, app: web }\nmetadata:",
    );
    const { source } = readLab(labFolder({ "base/web.yaml": text }), testWords);
    expect(source?.lab.base).toMatchObject([{ labels: { tier: "front", app: "web" } }]);
    expect(Object.keys(Object(source?.lab.base[0]?.["labels"])).toSorted()).toEqual(["app", "tier"]);
  });

  it("are read in the order of their names", () => {
    const { source } = readLab(
      labFolder({ "base/2.yaml": object("b"), "base/1/x.yml": object("a"), "base/web.yaml": undefined }),
      testWords,
    );
    expect(source?.lab.base.map((found) => found.metadata.name)).toEqual(["a", "b"]);
  });
});

it("reads the heads of scripts", () => {
  const { source, problems } = readLab(
    labFolder({
      "fixes/patch.yaml": "# variants: one, two\n---\nkind: Pod\n# caught-by: no\n",
      "fixes/notes.txt": "x",
    }),
    testWords,
  );
  expect(source?.lab.scripts).toEqual([
    { name: "again", kind: "fix", path: "/labs/quiet-web/fixes/again.sh", variants: ["one"], caughtBy: [] },
    { name: "patch", kind: "fix", path: "/labs/quiet-web/fixes/patch.yaml", variants: ["one", "two"], caughtBy: [] },
    {
      name: "gone",
      kind: "bypass",
      path: "/labs/quiet-web/bypasses/gone.sh",
      variants: [],
      caughtBy: ["kept", "rolls"],
    },
  ]);
  expect(problems).toMatchObject([{ severity: "warning", file: "fixes/notes.txt" }]);
});

it("fills in what a lab file leaves out", () => {
  const lab = readLab(labFolder(), testWords).source?.lab;
  expect(lab).toMatchObject({
    id: "quiet-web",
    topology: { provider: "kind", workers: 0, fresh: false },
    guards: [{ id: "kept", title: "Kept", withinMs: 0, forMs: 0, needs: [] }],
    symptom: [{ withinMs: 30_000 }],
    experiments: [
      { do: [{ name: "roll", params: { within: "60s" } }], settle: [], objectives: [{ title: "It rolls" }] },
    ],
    story: expect.stringContaining("Nobody hears it"),
  });
});
