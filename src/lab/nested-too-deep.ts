import { Lexer } from "yaml";

/** A line indented further is nested as deep, or might be. */
const maxIndent = 300;

/**
 * True for YAML that is nested deeper than this. Asked before parsing: the parser recurses, and where its stack ends inside a regular
 * expression, Node does not throw but aborts.
 */
export function nestedTooDeep(text: string, depth: number): boolean {
  let flow = 0;
  let onLine = 0;
  let lineStarts = true;
  for (const token of new Lexer().lex(text)) {
    // Tokens of text are longer than these.
    if (token === "[" || token === "{") flow += 1;
    else if (token === "]" || token === "}") flow -= 1;
    else if (token === "-" || token === "?") onLine += 1;
    else if (lineStarts && token.length > maxIndent && /^ +$/.test(token)) return true;
    lineStarts = token.endsWith("\n");
    if (lineStarts) onLine = 0;
    if (flow > depth || onLine > depth) return true;
  }
  return false;
}
