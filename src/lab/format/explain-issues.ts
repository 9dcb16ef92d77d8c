import type { z } from "zod";
import { didYouMean } from "./nearest.ts";

/** One thing wrong in a parsed file, with the path of the node it is about. */
export interface Explained {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

type RawIssue = z.core.$ZodRawIssue;

/** Keys of a container that would break out of the sandbox; said so, instead of "unknown". */
const FORBIDDEN = new Set(["privileged", "binds", "volumes", "devices", "capAdd", "cap_add", "pid", "ipc", "network"]);

function isObjectSchema(inst: unknown): inst is z.ZodObject {
  return typeof inst === "object" && inst !== null && "shape" in inst;
}

function unknownKey(key: string, known: readonly string[]): string {
  if (known.includes("entrypoint") && FORBIDDEN.has(key)) return `labs give containers no "${key}"`;
  if (known.length === 0) return `unknown key "${key}": there is nothing to say here`;
  const near = didYouMean(key, known);
  return `unknown key "${key}"${near === "" ? `; known here: ${known.join(", ")}` : near}`;
}

function shown(value: unknown): string {
  if (value === null) return "nothing";
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "a map" : JSON.stringify(value);
}

const NAMES: Readonly<Record<string, string>> = {
  object: "a map",
  record: "a map",
  array: "a list",
  string: "text",
  int: "a whole number",
};

/** Error texts of lab files, for `safeParse(value, { error: labErrors })`. */
export function labErrors(issue: RawIssue): string | undefined {
  if (issue.code === "unrecognized_keys") {
    const known = isObjectSchema(issue.inst) ? Object.keys(issue.inst.shape) : [];
    // One line a key: explainIssues splits them again, so that each is told where it stands.
    return issue.keys.map((key) => unknownKey(key, known)).join("\n");
  }
  if (issue.code === "invalid_type") {
    if (issue.input === undefined) return "is missing";
    return `expected ${NAMES[issue.expected] ?? `a ${issue.expected}`}, got ${shown(issue.input)}`;
  }
  if (issue.code === "invalid_value") {
    if (issue.input === undefined) return "is missing";
    const values = issue.values.map(String);
    const near = typeof issue.input === "string" ? didYouMean(issue.input, values) : "";
    return `expected ${values.join(", ")}, got ${shown(issue.input)}${near}`;
  }
  return undefined;
}

function explainUnion(issue: z.core.$ZodIssueInvalidUnion): Explained[] {
  const branches = issue.errors.map((branch) => branch.flatMap(explainIssue));
  const fitting = issue.errors.flatMap((branch, index) =>
    branch.some((inner) => inner.path.length === 0 && inner.code === "invalid_type") ? [] : [branches[index] ?? []],
  );
  // Only the member whose form the input has is worth talking about.
  const [best] = fitting.sort((a, b) => a.length - b.length);
  if (best !== undefined && best.length > 0) {
    return best.map((inner) => ({ path: [...issue.path, ...inner.path], message: inner.message }));
  }
  const texts = branches.flatMap((branch) => branch.map((inner) => inner.message));
  return [{ path: issue.path, message: [...new Set(texts)].join("; or ") }];
}

function explainIssue(issue: z.core.$ZodIssue): Explained[] {
  if (issue.code === "invalid_union") return explainUnion(issue);
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, message: issue.message }];
  const messages = issue.message.split("\n");
  return issue.keys.map((key, index) => ({ path: [...issue.path, key], message: messages[index] ?? issue.message }));
}

/** The issues of a failed parse, unions resolved and one per unknown key. */
export function explainIssues(error: z.ZodError): Explained[] {
  return error.issues.flatMap(explainIssue);
}
