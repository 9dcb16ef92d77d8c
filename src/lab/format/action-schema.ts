import { z } from "zod";
import { explainIssues, labErrors, type Explained } from "./explain-issues.ts";
import type { ActionSpec } from "../lab.ts";
import { didYouMean } from "./nearest.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** Where an action stands in an experiment. */
export type ActionPlace = "do" | "with";

/** The actions that can stand at a place. */
export function actionsFor(place: ActionPlace, words: Vocabulary): Vocabulary["actions"] {
  return words.actions.filter((type) => (place === "do" ? type.run !== undefined : type.accompany !== undefined));
}

function explainAction(value: Readonly<Record<string, unknown>>, place: ActionPlace, words: Vocabulary): Explained[] {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) {
    return [{ path: [], message: "an action is one key with its parameters, as { outage: { … } }" }];
  }
  const types = actionsFor(place, words);
  const type = types.find((candidate) => candidate.name === name);
  if (type === undefined) {
    const names = types.map((candidate) => candidate.name);
    if (words.actions.some((candidate) => candidate.name === name)) {
      return [{ path: [name], message: `"${name}" cannot stand in "${place}"; known here: ${names.join(", ")}` }];
    }
    const near = didYouMean(name, names);
    return [
      { path: [name], message: `unknown action "${name}"${near === "" ? `; known: ${names.join(", ")}` : near}` },
    ];
  }
  const parsed = type.params.safeParse(value[name] ?? {}, { error: labErrors });
  return parsed.success ? [] : explainIssues(parsed.error).map((found) => ({ ...found, path: [name, ...found.path] }));
}

const params = z.record(z.string(), z.unknown());

/** An action in a lab file, `{ outage: { … } }`, as name and parameters. */
export function actionSchema(place: ActionPlace, words: Vocabulary): z.ZodType<ActionSpec> {
  return z
    .record(z.string(), params.nullable())
    .superRefine((value, context) => {
      for (const { path, message } of explainAction(value, place, words)) {
        context.addIssue({ code: "custom", path: [...path], message });
      }
    })
    .transform((value) => {
      const [entry] = Object.entries(value);
      return { name: entry?.[0] ?? "", params: entry?.[1] ?? {} };
    })
    .meta({ definition: place === "do" ? "action" : "companion" });
}
