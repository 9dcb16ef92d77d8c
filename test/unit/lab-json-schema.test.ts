import { expect, it } from "vitest";
import { vocabulary } from "../../src/flows/vocabulary.ts";
import { labJsonSchema } from "../../src/lab/format/json-schema.ts";
import { testWords } from "../fakes/lab-folder.ts";

it("labs/lab.schema.json is what the program knows; `npm run schema` writes it", async () => {
  await expect(`${JSON.stringify(labJsonSchema(vocabulary), undefined, 2)}\n`).toMatchFileSnapshot(
    "../../labs/lab.schema.json",
  );
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
  const schema = labJsonSchema(vocabulary);
  const names = Object.keys(Object(schema["definitions"])).map((name) => `#/definitions/${name}`);
  const used = [...JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
  expect(new Set(used)).toEqual(new Set(names));
});
