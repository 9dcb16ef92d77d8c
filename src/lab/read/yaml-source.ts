import { type Document, Lexer, LineCounter, type Node, isAlias, isMap, isScalar, isSeq, parseAllDocuments } from "yaml";
import { type Place, type Problem, problem } from "../problem.ts";

/** One document of a YAML file. */
export interface YamlDocument {
  readonly value: unknown;
  /** Where a path is, or the nearest part of it that exists. */
  readonly place: (path: readonly PropertyKey[]) => Place;
}

/** A parsed YAML file: its documents (empty ones left out), or why it could not be read. */
export interface YamlSource {
  readonly documents: readonly YamlDocument[];
  readonly problems: readonly Problem[];
}

/** More aliases than this, multiplied out, are an attack and not a lab. */
const MAX_ALIASES = 100;

function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  let node: unknown = document.contents;
  let offset = document.contents?.range?.[0] ?? 0;
  for (const key of path) {
    if (isAlias(node)) node = node.resolve(document);
    let next: unknown;
    let at: Node | undefined;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(key));
      next = pair?.value;
      if (isScalar(pair?.key)) at = pair.key;
    } else if (isSeq(node) && typeof key === "number") {
      next = node.items[key];
      if (isScalar(next) || isMap(next) || isSeq(next) || isAlias(next)) at = next;
    }
    if (at === undefined) return offset;
    offset = at.range?.[0] ?? offset;
    node = next;
  }
  return offset;
}

/** More than any manifest needs, and little enough for all that walks the value later. */
const MAX_DEPTH = 100;

function deeperThan(value: unknown, depth: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return depth === 0 || Object.values(value).some((item) => deeperThan(item, depth - 1));
}

/** Parses every document of a YAML file, merge keys (`<<: *name`) too, as kubectl does; never throws, whatever the text. */
export function parseYaml(file: string, text: string): YamlSource {
  if (nestedTooDeep(text, MAX_DEPTH)) return { documents: [], problems: [problem({ file }, "is nested too deep")] };
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false, merge: true });
    if ("empty" in documents) return { documents: [], problems: [] };
    const problems = documents.flatMap((document) =>
      [...document.errors, ...document.warnings].map((error) =>
        problem(
          { file, line: lineCounter.linePos(error.pos[0]).line },
          error.message.replace("Maximum call stack size exceeded", "is nested too deep"),
        ),
      ),
    );
    // One slip makes the parser stumble over all that follows.
    if (problems.length > 0) return { documents: [], problems: problems.slice(0, 3) };
    const read = {
      documents: documents
        .filter(
          (document) =>
            document.contents !== null && !(isScalar(document.contents) && document.contents.value === null),
        )
        .map((document) => ({
          value: document.toJS({ maxAliasCount: MAX_ALIASES }),
          place: (path: readonly PropertyKey[]) => ({ file, line: lineCounter.linePos(offsetOf(document, path)).line }),
        })),
      problems,
    };
    if (read.documents.some(({ value }) => deeperThan(value, MAX_DEPTH))) throw new RangeError("nested too deep");
    return read;
  } catch (error) {
    if (error instanceof RangeError) return { documents: [], problems: [problem({ file }, "is nested too deep")] };
    if (error instanceof Error && error.message.startsWith("Merge sources"))
      return {
        documents: [],
        problems: [problem({ file }, "<< takes a map that stands above it with an anchor: <<: *name")],
      };
    if (!(error instanceof ReferenceError)) throw error;
    const bomb = error.message.startsWith("Excessive alias count");
    return { documents: [], problems: [problem({ file }, bomb ? "has too many aliases: a YAML bomb" : error.message)] };
  }
}

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
