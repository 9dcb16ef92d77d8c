import { z } from "zod";
import { isRecord } from "../../lib/is-record.ts";
import { type Need, needTexts } from "../needs.ts";
import type { Vocabulary } from "../vocabulary.ts";

type Json = Readonly<Record<string, unknown>>;

function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function properties(schema: Json): [string, Json][] {
  const own = isRecord(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  return own.filter((entry): entry is [string, Json] => isRecord(entry[1]));
}

/** What may stand for a parameter, in a few words. */
function valueText(schema: Json): string {
  const { enum: words, const: only, type, items, $ref: ref } = schema;
  if (typeof ref === "string") return ref.split("/").at(-1) ?? "";
  if (Array.isArray(words)) return words.map(String).join(" | ");
  if (only !== undefined) return JSON.stringify(only);
  const choices = [...objects(schema["anyOf"]), ...objects(schema["oneOf"])].map(valueText);
  if (choices.length > 0) return [...new Set(choices)].join(" or ");
  if (type === "array") return `list of ${isRecord(items) ? valueText(items) : "anything"}`;
  if (type === "object") {
    const names = properties(schema).map(([name]) => name);
    return names.length > 0 ? `{ ${names.join(", ")} }` : "map";
  }
  return typeof type === "string" ? type : "anything";
}

function required(schema: Json, name: string): boolean {
  const list = schema["required"];
  return Array.isArray(list) && list.includes(name);
}

function paramLines(schema: Json, indent = ""): string[] {
  return properties(schema).flatMap(([name, value]) => {
    const must = required(schema, name) ? " (required)" : "";
    const standard = value["default"] === undefined ? "" : `; default ${JSON.stringify(value["default"])}`;
    const text = typeof value["description"] === "string" ? `: ${value["description"]}` : "";
    const line = `${indent}- \`${name}\`${must} ${valueText(value)}${standard}${text}`;
    const inner = value["type"] === "array" && isRecord(value["items"]) ? value["items"] : value;
    return [line, ...paramLines(inner, `${indent}  `)];
  });
}

/** The parameters of a check or action; of several forms, those of each. */
function paramsText(params: z.ZodType): string[] {
  const schema = z.toJSONSchema(params, { target: "draft-7", io: "input", unrepresentable: "any" });
  if (!isRecord(schema)) return [];
  const forms = [...objects(schema["anyOf"]), ...objects(schema["oneOf"])];
  const lines =
    forms.length === 0 ? paramLines(schema) : forms.flatMap((form) => [...paramLines(form), "- or"]).slice(0, -1);
  return lines.length === 0 ? ["No parameters."] : lines;
}

function section(heading: string, summary: string, params: z.ZodType): string {
  return [`### ${heading}`, "", `${summary}.`, "", ...paramsText(params), ""].join("\n");
}

function needsOf({ needs }: { readonly needs: readonly Need[] }): string {
  return needs.length === 0 ? "any sandbox" : `needs ${needs.join(", ")}`;
}

/** Every check type and action with its parameters, as Markdown; written from what the program knows. */
export function labReference({ checks, actions }: Vocabulary): string {
  const where = { sandbox: "looks", record: "reads an experiment" } as const;
  const checkParts = checks.map((type) => {
    const { name, summary, reads, racy, params } = type;
    const how = reads.map((one) => where[one]).join(" or ");
    const thrice = racy ? "; must hold three times, 1 s apart" : "";
    return section(`\`${name}\` (${how}; ${needsOf(type)}${thrice})`, summary, params);
  });
  const actionParts = actions.map((type) => {
    const places = [...(type.run === undefined ? [] : ["do"]), ...(type.accompany === undefined ? [] : ["with"])];
    return section(`\`${type.name}\` (${places.join(", ")}; ${needsOf(type)})`, type.summary, type.params);
  });
  return [
    "# Checks and actions",
    "",
    "Written by `npm run schema` from the program; how to use them is in [README.md](README.md).",
    "",
    "What one of them needs of the sandbox (nothing: any sandbox); a lab whose sandbox lacks it is refused:",
    "",
    ...Object.entries(needTexts).map(([need, text]) => `- \`${need}\`: ${text}`),
    "",
    "## Checks",
    "",
    ...checkParts,
    "## Actions",
    "",
    ...actionParts,
  ].join("\n");
}
