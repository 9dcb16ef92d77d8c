import { isAlias, isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from "yaml";
import { nestedTooDeep } from "./nested-too-deep.ts";
import { problem, type Place, type Problem } from "./problem.ts";

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

/** Parses every document of a YAML file; never throws, whatever the text. */
export function parseYaml(file: string, text: string): YamlSource {
  if (nestedTooDeep(text, MAX_DEPTH)) return { documents: [], problems: [problem({ file }, "is nested too deep")] };
  const lineCounter = new LineCounter();
  try {
    const documents = parseAllDocuments(text, { lineCounter, prettyErrors: false });
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
    if (!(error instanceof ReferenceError)) throw error;
    const bomb = error.message.startsWith("Excessive alias count");
    return { documents: [], problems: [problem({ file }, bomb ? "has too many aliases: a YAML bomb" : error.message)] };
  }
}
