import { styleText } from "node:util";
import type { CheckResult, VerifyResult } from "../verify/verify-context.ts";
import { hangingText, lookAtText } from "../lib/text.ts";

/** How a verify is printed. */
export interface VerifyTextOptions {
  /** How printed commands call this program. */
  readonly program: string;
  readonly colour: boolean;
  /** Ours, where kubectl must be told; undefined where $KUBECONFIG already is it, and for Docker labs. */
  readonly kubeconfig: string | undefined;
  /** Columns; default 80. */
  readonly width?: number;
}

type Style = "green" | "red" | "yellow" | "dim";

const gap = "    ";

const verdicts: Readonly<Record<CheckResult["outcome"] | "guard", { readonly word: string; readonly style: Style }>> = {
  pass: { word: "✓ ok     ", style: "green" },
  fail: { word: "✗ not yet", style: "red" },
  guard: { word: "✗ guard  ", style: "red" },
  error: { word: "! error  ", style: "yellow" },
  "not run": { word: "- not run", style: "dim" },
};

function head(result: CheckResult): string {
  const { id, title, outcome, observed } = result;
  if (outcome === "error") return `${id}  could not be observed (not your fault, not counted): ${observed}`;
  return outcome === "not run" ? `${id}  ${title} (${observed})` : `${id}  ${title}`;
}

/** One result: a line where it passed, four where it did not. */
export function resultText(result: CheckResult, options: VerifyTextOptions): string {
  const { width = 80 } = options;
  const { word, style } = verdicts[result.outcome === "fail" && result.role === "guard" ? "guard" : result.outcome];
  const first = hangingText(`${word}  ${head(result)}`, width, gap);
  const shown = options.colour ? styleText(style, word, { validateStream: false }) : word;
  const lines = [shown + first.slice(word.length)];
  if (result.outcome !== "fail") return lines.join("\n");
  const field = (name: string, text: string) => hangingText(text, width, gap.padEnd(14), `${gap}${name.padEnd(10)}`);
  lines.push(field("expected", result.expected), field("observed", result.observed));
  // A command is never wrapped: it is there to be copied.
  if (result.lookAt !== undefined) lines.push(`${gap}look at   ${lookAtText(result.lookAt, options.kubeconfig)}`);
  return lines.join("\n");
}

function count(number: number, one: string, more: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${more}`;
}

/** The last lines: the verdict, and the next command. */
export function verdictText(result: VerifyResult, { program, width = 80 }: Omit<VerifyTextOptions, "colour">): string {
  const of = (outcome: CheckResult["outcome"]) => result.results.filter((one) => one.outcome === outcome).length;
  const failed = of("fail");
  const blind = of("error");
  if (result.solved) {
    const next = `${program} solution tells the story behind it, ${program} stop cleans up.`;
    return hangingText(
      `Solved: all ${count(result.results.length, "check passes", "checks pass")}. ${next}`,
      width,
      "",
    );
  }
  const blindText = blind === 0 ? "" : ` ${count(blind, "check", "checks")} could not be observed.`;
  if (failed > 0) {
    const text = `Not solved yet: ${count(failed, "check does", "checks do")} not pass.${blindText}`;
    return hangingText(`${text} ${program} hint gives a nudge, ${program} verify looks again.`, width, "");
  }
  const cure = `${program} doctor looks for the cause, then ${program} verify looks again.`;
  return hangingText(`No verdict:${blindText || " not every check was run."} ${cure}`, width, "");
}

/** The whole of a verify, for people. What it undid of an earlier run is told before it starts, not here. */
export function verifyText(result: VerifyResult, options: VerifyTextOptions): string {
  return `${[...result.results.map((one) => resultText(one, options)), "", verdictText(result, options)].join("\n")}\n`;
}
