import type { Hint } from "../lab/lab.ts";
import { hangingText, lookAtText } from "../lib/text.ts";

/** How hints are printed. */
export interface HintTextOptions {
  readonly columns: number;
  /** Ours, where kubectl must be told; undefined where $KUBECONFIG already is it. */
  readonly kubeconfig: string | undefined;
}

const INDENT = " ".repeat(9);

/** One hint: its level, its text and the command that helps to see it. */
export function hintText({ level, text, command }: Hint, { columns, kubeconfig }: HintTextOptions): string {
  const told = hangingText(text.trim().replaceAll(/\s+/g, " "), Math.min(columns, 100), INDENT, level.padEnd(9));
  return command === undefined ? `${told}\n` : `${told}\n${INDENT}$ ${lookAtText(command, kubeconfig)}\n`;
}
