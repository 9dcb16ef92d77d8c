import { z } from "zod";
import { isRecord } from "../../lib/is-record.ts";
import type { CheckWord } from "../vocabulary.ts";
import { actionsFor, type ActionPlace } from "./action-schema.ts";
import { labSchema } from "./schema.ts";
import type { Vocabulary } from "../vocabulary.ts";

type Json = Record<string, unknown>;

/** Names the schema to validators that keep several; nothing is fetched by it. */
const ID = "urn:breakfix-labs:lab.schema.json";

/** Without `format`: zod writes names of its own there, and a strict validator refuses a schema with one that it does not know. */
const OPTIONS = {
  target: "draft-7",
  io: "input",
  unrepresentable: "any",
  override: ({ jsonSchema }: { readonly jsonSchema: Json }): void => {
    Reflect.deleteProperty(jsonSchema, "format");
  },
} as const;

/** A schema with its own definitions taken out; `check` always means the one of the lab file. */
function plain(type: z.ZodType, into: Json): Json {
  const { $schema: _schema, definitions, ...rest } = z.toJSONSchema(type, OPTIONS);
  for (const [name, definition] of Object.entries(definitions ?? {})) if (name !== "check") into[name] = definition;
  return rest;
}

/** Lets the key `type` stand among the parameters of a check, in every alternative of them. */
function withType(schema: Json, type: CheckWord): Json {
  const key = { type: { const: type.name } };
  for (const union of ["anyOf", "oneOf"]) {
    const members = schema[union];
    if (Array.isArray(members))
      return { ...schema, [union]: members.map((member) => (isRecord(member) ? withType(member, type) : member)) };
  }
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  return { ...schema, properties: { ...key, ...properties } };
}

function checkDefinition(words: Vocabulary, definitions: Json): Json {
  return {
    type: "object",
    required: ["type"],
    properties: { type: { enum: words.checks.map((type) => type.name) } },
    // One branch by name: an editor then reports that type's errors only.
    allOf: words.checks.map((type) => ({
      if: { properties: { type: { const: type.name } }, required: ["type"] },
      // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
      then: { description: type.summary, ...withType(plain(type.params, definitions), type) },
    })),
  };
}

function actionDefinition(place: ActionPlace, words: Vocabulary, definitions: Json): Json {
  const properties = actionsFor(place, words).map((type) => [
    type.name,
    { description: type.summary, ...plain(type.params, definitions) },
  ]);
  return {
    type: "object",
    minProperties: 1,
    maxProperties: 1,
    additionalProperties: false,
    properties: Object.fromEntries(properties),
  };
}

/** The JSON Schema of lab.yaml, draft-07, for editors. */
export function labJsonSchema(words: Vocabulary): Json {
  const definitions: Json = {};
  const schema = z.toJSONSchema(labSchema(words), {
    ...OPTIONS,
    override: ({ jsonSchema }) => {
      OPTIONS.override({ jsonSchema });
      const name = jsonSchema["definition"];
      if (typeof name !== "string") return;
      for (const key of Object.keys(jsonSchema)) Reflect.deleteProperty(jsonSchema, key);
      jsonSchema.$ref = `#/definitions/${name}`;
    },
  });
  const { definitions: _own, $schema, ...rest } = schema;
  definitions["check"] = checkDefinition(words, definitions);
  definitions["action"] = actionDefinition("do", words, definitions);
  definitions["companion"] = actionDefinition("with", words, definitions);
  return { $schema, $id: ID, title: "A lab", ...rest, definitions };
}
