import { shellQuote } from "./shell-quote.ts";
import type { Sink } from "./sink.ts";

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

/** "4 s", "2 min", "3 h": a time span for a message. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Math.round(seconds / 3600)} h`;
}

/** "4 s ago", for a time as Kubernetes and Docker write it; "" where there is none. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? "" : `${span(now - at)} ago`;
}

/** Writes text behind `start`, broken at spaces so that no line is longer than `columns`, if its words allow; further lines are indented. */
export function hangingText(text: string, columns: number, indent: string, start = ""): string {
  const lines: string[] = [];
  let line = start;
  let empty = true;
  for (const word of text.split(" ")) {
    const longer = empty ? line + word : `${line} ${word}`;
    if (!empty && longer.length > columns) {
      lines.push(line);
      line = indent + word;
    } else line = longer;
    empty = false;
  }
  return [...lines, line].join("\n");
}

/** A read-only command as the learner can type it: kubectl is told our kubeconfig, unless the learner's shell already has it. */
export function lookAtText(command: string, kubeconfig: string | undefined): string {
  if (kubeconfig === undefined) return command;
  return command.replace(/^kubectl\b/, `kubectl --kubeconfig ${shellQuote(kubeconfig)}`);
}
