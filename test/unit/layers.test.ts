import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { expect, it } from "vitest";

/** The layers of src, from the ground up; docs/architecture.md says what each holds. A file imports from its own layer and from those before it. */
const layers = [
  ["lib"],
  ["docker", "kube"],
  ["runtime.ts"],
  ["host.ts"],
  ["images"],
  ["lab"],
  ["session"],
  ["ui"],
  ["setup"],
  ["sandbox"],
  ["system"],
  ["checks"],
  ["experiments"],
  ["verify"],
  ["scenario"],
  ["flows"],
  ["shell"],
  ["report"],
  ["prove"],
  ["commands"],
  ["cli.ts"],
  ["main.ts"],
];

const src = resolve(import.meta.dirname, "../../src");
const heightOf = (file: string): number => {
  const [top = ""] = relative(src, file).split("/");
  return layers.findIndex((layer) => layer.includes(top));
};

/** What a file imports of this program: types count, and imports on first use too. */
function importsOf(file: string, text: string): string[] {
  const found = text.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g);
  return [...found].map(([, path = ""]) => join(dirname(file), path));
}

it("imports from its own layer and from those below it only", async () => {
  const names = await readdir(src, { recursive: true });
  const files = names.filter((name) => name.endsWith(".ts")).map((name) => join(src, name));
  const texts = await Promise.all(files.map((file) => readFile(file, "utf8")));
  const edges = files.flatMap((file, at) => importsOf(file, texts[at] ?? "").map((to) => ({ file, to })));
  expect(edges.length).toBeGreaterThan(1000);
  expect(files.filter((file) => heightOf(file) < 0)).toEqual([]);
  const upward = edges.filter(({ file, to }) => heightOf(to) > heightOf(file));
  expect(upward.map(({ file, to }) => `${relative(src, file)} imports ${relative(src, to)}`)).toEqual([]);
});

it("keeps `labs list` and `--help` free of schemas and YAML, whose imports cost more than all the rest", async () => {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const follow = async (file: string): Promise<void> => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = await readFile(file, "utf8");
    for (const [statement, path = ""] of text.matchAll(/^(?:import|export)\b[^;]*?from "([^"]+)"/gm)) {
      if (/^(?:import|export) type\b/.test(statement)) continue;
      if (path.startsWith(".")) await follow(join(dirname(file), path));
      else if (!path.startsWith("node:")) packages.add(path);
    }
  };
  for (const file of ["main.ts", "commands/list.ts"]) await follow(join(src, file));
  expect([...packages].toSorted()).toEqual(["commander", "fastest-levenshtein"]);
});
