import { allEntries } from "../entries.ts";
import { nestedChecks } from "../format/check-schema.ts";
import type { ActionSpec, CheckSpec } from "../lab.ts";
import type { LabSource } from "../read/read-lab.ts";

/** The parameters of a check or an action, with their path in lab.yaml and whose they are, in words. */
export interface PlacedSpec {
  readonly of: "check" | "action";
  readonly spec: Readonly<Record<string, unknown>>;
  readonly path: readonly PropertyKey[];
  readonly where: string;
}

function action({ name, params }: ActionSpec, path: readonly PropertyKey[], id: string): PlacedSpec {
  return { of: "action", spec: params, path, where: `${name} of ${id}` };
}

/** Every check of a lab, nested ones too, and every action. */
export function eachSpec({ lab, words }: LabSource): PlacedSpec[] {
  const withNested = (spec: CheckSpec, path: readonly PropertyKey[], where: string): PlacedSpec[] => [
    { of: "check", spec, path, where },
    ...nestedChecks(spec, words).flatMap((child) => withNested(child.spec, [...path, ...child.path], where)),
  ];
  return [
    ...allEntries(lab).flatMap(({ entry, path }) => withNested(entry.check, [...path, "check"], `check ${entry.id}`)),
    ...lab.experiments.flatMap(({ id, do: steps, with: companions, control }, at) => [
      // `repeat` lists a step more than once; it is written once.
      ...[...new Set(steps)].map((spec, index) => action(spec, ["experiments", at, "do", index], id)),
      ...companions.map((spec, index) => action(spec, ["experiments", at, "with", index], id)),
      ...(control === undefined ? [] : [action(control, ["experiments", at, "control"], id)]),
    ]),
  ];
}
