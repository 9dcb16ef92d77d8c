import type { LabHeader } from "./header.ts";

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
