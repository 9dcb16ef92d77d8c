import { shellQuote } from "./shell-quote.ts";
import type { Sink } from "./sink.ts";

/** Width of running text: the terminal's, but never wider than reads well. */
export function textWidth(sink: Pick<Sink, "columns">): number {
  return Math.min(sink.columns, 100);
}

/**
 * Breaks text at white space, which becomes single spaces, so that no line is wider than `width`, except for words that are; later lines start
 * with `indent`.
 */
export function wrap(text: string, width: number, indent = ""): string {
  return hangingText(text.trim().replaceAll(/\s+/g, " "), width, indent);
}

/** As `wrap`, but first comes `start`, and spaces stay as they are: tables are aligned by them. */
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

/** "0.4 s", "42 s", "3 min 5 s", "2 h 10 min": a time span of so many milliseconds, for a message. Tenths only below 10 s, minutes from 120 s on. */
export function span(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10) return `${Number(seconds.toFixed(1))} s`;
  const whole = Math.round(seconds);
  if (whole < 120) return `${whole} s`;
  const [large, small, many, few] = whole < 7200 ? [60, 1, "min", "s"] : [3600, 60, "h", "min"];
  const parts = Math.round(whole / small);
  const rest = parts % (large / small);
  return `${Math.floor((parts * small) / large)} ${many}${rest === 0 ? "" : ` ${rest} ${few}`}`;
}

/** "4 s ago", for a time as Kubernetes and Docker write it; "" where there is none. */
export function ago(iso: string, now: number): string {
  const at = Date.parse(iso);
  return Number.isNaN(at) ? "" : `${span(now - at)} ago`;
}

/** A read-only command as the learner can type it: kubectl is told our kubeconfig, unless the learner's shell already has it. */
export function lookAtText(command: string, kubeconfig: string | undefined): string {
  if (kubeconfig === undefined) return command;
  return command.replace(/^kubectl\b/, `kubectl --kubeconfig ${shellQuote(kubeconfig)}`);
}
