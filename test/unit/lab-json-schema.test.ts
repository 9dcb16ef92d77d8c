import { expect, it } from "vitest";
import { vocabulary } from "../../src/flows/vocabulary.ts";
import { isRecord } from "../../src/lib/is-record.ts";
import { labJsonSchema } from "../../src/lab/format/json-schema.ts";
import { testWords } from "../fakes/lab-folder.ts";

const whole = labJsonSchema(vocabulary);

it("labs/lab.schema.json is what the program knows; `npm run schema` writes it", async () => {
  await expect(`${JSON.stringify(whole, undefined, 2)}\n`).toMatchFileSnapshot("../../labs/lab.schema.json");
});

it("has every check type and action, each with its own parameters", () => {
  const schema = labJsonSchema(testWords);
  expect(schema).toMatchObject({
    $schema: "http://json-schema.org/draft-07/schema#",
    additionalProperties: false,
    definitions: {
      check: {
        properties: { type: { enum: ["resource", "finished", "sent", "all", "health"] } },
        allOf: expect.arrayContaining([
          {
            if: { properties: { type: { const: "all" } }, required: ["type"] },
            // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
            then: expect.objectContaining({
              additionalProperties: false,
              properties: {
                type: { const: "all" },
                checks: { minItems: 1, type: "array", items: { $ref: "#/definitions/check" } },
              },
            }),
          },
        ]),
      },
      action: { properties: { roll: { properties: { within: { type: "string" } } } } },
      companion: { properties: { traffic: { required: ["name", "to", "rate"] } } },
    },
  });
});

it("refers only to what it defines", () => {
  const names = Object.keys(Object(whole["definitions"])).map((name) => `#/definitions/${name}`);
  const used = [...JSON.stringify(whole).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
  expect(new Set(used)).toEqual(new Set(names));
});

/** Every schema inside a value, with those under keys that a lab file chooses. */
function objectsIn(value: unknown): Readonly<Record<string, unknown>>[] {
  if (Array.isArray(value)) return value.flatMap(objectsIn);
  return isRecord(value) ? [value, ...Object.values(value).flatMap(objectsIn)] : [];
}

it("is taken by a strict validator: it has an id, and no format, which it would have to know", () => {
  expect(whole["$id"]).toBe("urn:breakfix-labs:lab.schema.json");
  expect(objectsIn(whole).filter(({ format }) => typeof format === "string")).toEqual([]);
});

it("describes every key of a lab file", () => {
  const properties: Readonly<Record<string, unknown>> = Object(whole["properties"]);
  const described = Object.entries(properties).filter(
    ([, property]) => isRecord(property) && typeof property["description"] === "string",
  );
  expect(described.map(([key]) => key)).toEqual(Object.keys(properties));
});

it("has no key that YAML 1.1 reads as true or false, but for one older spelling", () => {
  const keys = objectsIn(whole).flatMap(({ properties }) => (isRecord(properties) ? Object.keys(properties) : []));
  expect(keys.filter((key) => /^(?:y|n|yes|no|on|off|true|false)$/i.test(key))).toEqual(["on"]);
});
