import { z } from "zod";

/** A LabelSelector as workloads carry it. */
export const labelSelector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
    .default([]),
});

/** The same selector in the form that list requests take. */
export function selectorText(selector: z.infer<typeof labelSelector>): string {
  const equal = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
  const expressions = selector.matchExpressions.map(({ key, operator, values }) => {
    const set = `(${(values ?? []).join(",")})`;
    switch (operator) {
      case "In":
        return `${key} in ${set}`;
      case "NotIn":
        return `${key} notin ${set}`;
      case "DoesNotExist":
        return `!${key}`;
      default:
        return key;
    }
  });
  return [...equal, ...expressions].join(",");
}
