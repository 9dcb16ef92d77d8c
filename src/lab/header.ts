import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { plainHeader } from "./plain-header.ts";

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

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function headerOf(id: string, value: unknown): LabHeader | undefined {
  if (!isMap(value)) return undefined;
  const { title, summary, level, minutes, topics, sandbox } = value;
  if (typeof title !== "string" || typeof summary !== "string" || typeof level !== "string") return undefined;
  if (typeof minutes !== "number" || !Array.isArray(topics) || !isMap(sandbox)) return undefined;
  const header = { id, title, summary, level, minutes, topics: topics.map(String) };
  if ("docker" in sandbox) return header;
  const workers = isMap(sandbox["kind"]) ? sandbox["kind"]["workers"] : undefined;
  return typeof workers === "number" ? { ...header, workers } : undefined;
}

/** Reads a lab's header; undefined when it is not a valid one. */
export async function readHeader(dir: string): Promise<LabHeader | undefined> {
  const text = await readFile(join(dir, "lab.yaml"), "utf8");
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
