import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const guide = fileURLToPath(new URL("../../labs/README.md", import.meta.url));

/** Writes the files of the worked example in the author's guide into a folder; returns their names. */
export async function writeWorkedExample(dir: string): Promise<string[]> {
  const text = await readFile(guide, "utf8");
  const files = [...text.matchAll(/^<!-- file: (\S+) -->\n\n```\w+\n([^]*?)^```$/gm)];
  for (const [, name = "", content = ""] of files) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return files.map(([, name = ""]) => name);
}
