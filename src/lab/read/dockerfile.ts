import { posix } from "node:path";
import type { Files } from "../workspace.ts";

const HEREDOC = /<<-?\s*["']?([A-Za-z_]\w*)["']?/g;

/** One instruction of a Dockerfile with the number of its last line. */
interface Instruction {
  readonly text: string;
  readonly end: number;
}

/** The instructions of a Dockerfile: lines that go on are joined, comments and the texts of here-documents left out. */
export function instructions(text: string): Instruction[] {
  const lines = text.split("\n");
  const found: Instruction[] = [];
  let parts: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = (lines[at] ?? "").trimEnd();
    if (/^\s*(#|$)/.test(line)) continue;
    parts.push(line.replace(/\\$/, "").trim());
    if (line.endsWith("\\")) continue;
    const whole = parts.join(" ");
    parts = [];
    const ends = /^(?:RUN|COPY|ADD)\s/i.test(whole) ? [...whole.matchAll(HEREDOC)].map(([, word]) => word) : [];
    for (const word of ends) while (at + 1 < lines.length && (lines[++at] ?? "").trim() !== word);
    found.push({ text: whole, end: at });
  }
  return found;
}

const FROM = /^FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i;
const COPY_FROM = /^COPY\s+(?:--\S+\s+)*?--from=(\S+)/i;

/** Images that a Dockerfile starts from or copies out of; its own stages and scratch are none. */
function imagesIn(text: string): string[] {
  const stages = new Set(["scratch"]);
  return instructions(text).flatMap((one) => {
    const [, from, stage] = FROM.exec(one.text) ?? [];
    const image = from ?? COPY_FROM.exec(one.text)?.[1];
    const known = image === undefined || stages.has(image.toLowerCase()) || /^\d+$/.test(image);
    if (stage !== undefined) stages.add(stage.toLowerCase());
    return known || image.startsWith("$") ? [] : [image];
  });
}

/** The images of every Dockerfile among these files. */
export function dockerfileImages(files: Files): { readonly file: string; readonly image: string }[] {
  return [...files]
    .filter(([path]) => /^Dockerfile\b|\.Dockerfile$/.test(posix.basename(path)))
    .flatMap(([file, content]) => imagesIn(content.toString("utf8")).map((image) => ({ file, image })));
}

/** The Dockerfile with these labels on every stage of it, so that what a build leaves behind can be told from other people's images. */
export function labelStages(text: string, labels: Readonly<Record<string, string>>): string {
  const label = Object.entries(labels).map(([key, value]) => `${JSON.stringify(key)}=${JSON.stringify(value)}`);
  const froms = new Set(instructions(text).flatMap((one) => (FROM.test(one.text) ? [one.end] : [])));
  return text
    .split("\n")
    .flatMap((line, at) => (froms.has(at) ? [line, `LABEL ${label.join(" ")}`] : [line]))
    .join("\n");
}
