import type { Sink } from "../runtime.ts";

/** Width of running text: the terminal's, but never wider than reads well. */
export function textWidth(sink: Pick<Sink, "columns">): number {
  return Math.min(sink.columns, 100);
}

/** Breaks text at spaces so that no line is wider than `width`, except for words that are; later lines start with `indent`. */
export function wrap(text: string, width: number, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((part) => part !== "")) {
    if (line === "") line = lines.length === 0 ? word : indent + word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = indent + word;
    }
  }
  return [...lines, line].join("\n");
}
