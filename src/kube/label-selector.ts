import { z } from "zod";

/** A LabelSelector as workloads carry it. */
export const labelSelector = z.looseObject({
  matchLabels: z.record(z.string(), z.string()).default({}),
  matchExpressions: z
    .array(z.looseObject({ key: z.string(), operator: z.string(), values: z.array(z.string()).nullish() }))
    .default([]),
});

/** What `labelSelector` parses. */
export type LabelSelector = z.infer<typeof labelSelector>;

/** The same selector in the form that list requests take. */
export function selectorText(selector: LabelSelector): string {
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

/** Labels of an object, by key. */
export type Labels = Readonly<Record<string, string>>;

/** True when all of the wanted labels are among the labels. */
export function hasLabels(has: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => has[key] === value);
}

/** True when a selector matches labels, as the API server judges: all of its labels and expressions; an empty one matches everything. */
export function selects({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  const holds = matchExpressions.every(({ key, operator, values }) => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && (values ?? []).includes(value);
      case "NotIn":
        return value === undefined || !(values ?? []).includes(value);
      case "Exists":
        return value !== undefined;
      default:
        return value === undefined;
    }
  });
  return hasLabels(labels, matchLabels) && holds;
}
