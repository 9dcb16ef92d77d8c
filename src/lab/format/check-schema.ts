import { z } from "zod";
import { checkSpec } from "../check-spec.ts";
import { explainIssues, labErrors, type Explained } from "./explain-issues.ts";
import type { CheckSpec } from "../lab.ts";
import { didYouMean } from "./nearest.ts";
import type { Vocabulary } from "../vocabulary.ts";

function isCheckSpec(value: unknown): value is CheckSpec {
  return checkSpec.safeParse(value).success;
}

/** The checks that a check nests (all, any, none), with their paths; none for most types. */
export function nestedChecks(spec: CheckSpec, words: Vocabulary): { spec: CheckSpec; path: PropertyKey[] }[] {
  const key = words.checks.find((type) => type.name === spec.type)?.nested;
  const list = key === undefined ? undefined : spec[key];
  if (key === undefined || !Array.isArray(list)) return [];
  return list.flatMap((child: unknown, index) => (isCheckSpec(child) ? [{ spec: child, path: [key, index] }] : []));
}

function explainCheck(spec: CheckSpec, words: Vocabulary): Explained[] {
  const names = words.checks.map((type) => type.name);
  const type = words.checks.find((candidate) => candidate.name === spec.type);
  if (type === undefined) {
    const near = didYouMean(spec.type, names);
    const message = `unknown check type "${spec.type}"${near === "" ? `; known: ${names.join(", ")}` : near}`;
    return [{ path: ["type"], message }];
  }
  const { type: _name, ...params } = spec;
  const parsed = type.params.safeParse(params, { error: labErrors });
  const nested = nestedChecks(spec, words).flatMap((child) =>
    explainCheck(child.spec, words).map((found) => ({ ...found, path: [...child.path, ...found.path] })),
  );
  return [...(parsed.success ? [] : explainIssues(parsed.error)), ...nested];
}

/** A check in a lab file; its parameters are those of its type. */
export function checkSchema(words: Vocabulary): z.ZodType<CheckSpec> {
  return z
    .looseObject({ type: z.string() })
    .superRefine((spec, context) => {
      for (const { path, message } of explainCheck(spec, words)) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    })
    .meta({ definition: "check" });
}
