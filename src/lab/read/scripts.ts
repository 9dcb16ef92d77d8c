import { join, posix } from "node:path";
import type { LabFolder } from "./folder.ts";
import type { Script } from "../lab.ts";
import { warning, type Problem } from "../problem.ts";

const FOLDERS = [
  ["fixes", "fix"],
  ["bypasses", "bypass"],
] as const;

/** `# key: a, b` among the comment lines at the start of a script. */
function headValues(text: string, key: string): string[] {
  const lines = text.split("\n");
  const end = lines.findIndex((line) => !line.startsWith("#") && line.trim() !== "" && line.trim() !== "---");
  const head = lines.slice(0, end === -1 ? undefined : end);
  const line = head.find((candidate) => candidate.replace(/^#\s*/, "").startsWith(`${key}:`));
  return (line?.slice(line.indexOf(":") + 1) ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** The fixes and bypasses of a lab, by name. */
export function readScripts(folder: LabFolder): { scripts: Script[]; problems: Problem[] } {
  const scripts: Script[] = [];
  const problems: Problem[] = [];
  for (const [place, kind] of FOLDERS) {
    for (const [file, content] of folder.files) {
      if (posix.dirname(file) !== place) continue;
      const extension = posix.extname(file);
      if (extension !== ".sh" && extension !== ".yaml") {
        problems.push(warning({ file }, "is not used: a script ends in .sh or .yaml"));
        continue;
      }
      const text = content.toString("utf8");
      scripts.push({
        name: posix.basename(file, extension),
        kind,
        path: join(folder.dir, file),
        variants: headValues(text, "variants"),
        caughtBy: headValues(text, "caught-by"),
      });
    }
  }
  return { scripts, problems };
}
