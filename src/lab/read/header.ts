import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { isRecord } from "../../lib/is-record.ts";

/** What `labs list` says of a lab; read without the schema, because that costs more than all the rest of the command. */
export interface LabHeader {
  readonly id: string;
  readonly title: string;
  readonly summary: string;
  readonly level: string;
  readonly minutes: number;
  readonly topics: readonly string[];
  /** Workers of a kind lab; undefined for Docker labs. */
  readonly workers?: number;
}

const HEADER_KEYS = new Set(["title", "summary", "level", "minutes", "topics", "sandbox"]);

/** The blocks of the header's keys; what stands between them (checks, experiments) is most of the file. */
function headerText(text: string): string {
  let inside = false;
  const lines = text.split("\n").filter((line) => {
    const key = /^([a-z]+):/.exec(line)?.[1];
    if (key !== undefined) inside = HEADER_KEYS.has(key);
    return inside;
  });
  return lines.join("\n");
}

function headerOf(id: string, value: unknown): LabHeader | undefined {
  if (!isRecord(value)) return undefined;
  const { title, summary, level, minutes, topics, sandbox } = value;
  if (typeof title !== "string" || typeof summary !== "string" || typeof level !== "string") return undefined;
  if (typeof minutes !== "number" || !Array.isArray(topics) || !isRecord(sandbox)) return undefined;
  const header = { id, title, summary, level, minutes, topics: topics.map(String) };
  if ("docker" in sandbox) return header;
  const workers = isRecord(sandbox["kind"]) ? sandbox["kind"]["workers"] : undefined;
  return typeof workers === "number" ? { ...header, workers } : undefined;
}

/** Reads a lab's header; undefined when it is not a valid one. */
export async function readHeader(dir: string): Promise<LabHeader | undefined> {
  // Blocking, as readFolder.
  const text = readFileSync(join(dir, "lab.yaml"), "utf8");
  const plain = plainHeader(basename(dir), text);
  if (plain !== undefined) return plain;
  const { parse } = await import("yaml");
  const options = { maxAliasCount: 0, logLevel: "silent" } as const;
  for (const part of [headerText(text), text]) {
    try {
      const header = headerOf(basename(dir), parse(part, options));
      if (header !== undefined) return header;
    } catch {
      // Cut in the wrong place, or no YAML at all: the whole text decides, and after that lint tells why.
    }
  }
  return undefined;
}

/** Text without quotes that YAML takes as it stands: two words or more, no comment, no key, and no line after it. */
const TEXT = String.raw`([A-Za-z](?:[^\s:#]|:(?=\S)| (?=[^\s#])|(?<=\S)#)*)`;

const LINES = {
  title: new RegExp(`^title: ${TEXT}$`, "m"),
  summary: new RegExp(`^summary: ${TEXT}$`, "m"),
  level: /^level: ([a-z]+(?:-[a-z]+)*)(?: *#.*)?$/m,
  minutes: /^minutes: ([1-9]\d*)$/m,
  topics: /^topics: \[ ?([a-z][a-z0-9-]*(?:, [a-z][a-z0-9-]*)*) ?\]$/m,
  sandbox: /^sandbox: \{ (?:docker: \{ ?\}|kind: \{ workers: (\d) \}) \}$/m,
} as const;

/** True when `key` is there once, on a line that nothing continues. */
function stands(text: string, key: string): boolean {
  const starts = [...text.matchAll(new RegExp(`^${key}:.*\\n(?=(.?))`, "gm"))];
  return starts.length === 1 && /^[a-z#]$/.test(starts[0]?.[1] ?? "");
}

/**
 * The header of a lab file that is written as most are, read without a YAML parser, whose import costs more than the rest of `labs list`.
 * Undefined for anything that is only a little unusual; a test holds it to the parser for every lab of the library.
 */
export function plainHeader(id: string, text: string): LabHeader | undefined {
  if (/\r|^(?:---|%|["'?])/m.test(text) || !Object.keys(LINES).every((key) => stands(text, key))) return undefined;
  const title = LINES.title.exec(text)?.[1];
  const summary = LINES.summary.exec(text)?.[1];
  const level = LINES.level.exec(text)?.[1];
  const minutes = LINES.minutes.exec(text)?.[1];
  const topics = LINES.topics.exec(text)?.[1]?.split(", ");
  const sandbox = LINES.sandbox.exec(text);
  if (title?.includes(" ") !== true || summary?.includes(" ") !== true) return undefined;
  if (level === undefined || minutes === undefined || topics === undefined || sandbox === null) return undefined;
  const workers = sandbox[1] === undefined ? {} : { workers: Number(sandbox[1]) };
  if (topics.some((topic) => /^(?:true|false|null)$/.test(topic))) return undefined;
  return { id, title, summary, level, minutes: Number(minutes), topics, ...workers };
}
