import { Lexer } from "yaml";

/** The lexer announces a plain or block scalar with this; the token after it is text. */
const textFollows = "\u001f";

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
  let isText = false;
  for (const token of new Lexer().lex(text)) {
    if (isText) isText = false;
    else if (token === textFollows) isText = true;
    else if (token === "[" || token === "{") flow += 1;
    else if (token === "]" || token === "}") flow -= 1;
    else if (token === "-" || token === "?") onLine += 1;
    else if (lineStarts && token.length > maxIndent && token.trim() === "") return true;
    lineStarts = token.endsWith("\n");
    if (lineStarts) onLine = 0;
    if (flow > depth || onLine > depth) return true;
  }
  return false;
}
