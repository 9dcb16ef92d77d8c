import { nestedChecks } from "../format/check-schema.ts";
import { allEntries } from "../entries.ts";
import type { ActionSpec, CheckSpec } from "../lab.ts";
import { lackText, type Need, offersNeed } from "../needs.ts";
import { problem, type Problem } from "../problem.ts";
import type { LabSource } from "../read/read-lab.ts";
import type { Rule } from "./rule.ts";

function unmet(
  { name, needs }: { readonly name: string; readonly needs: readonly Need[] },
  { lab: { topology } }: LabSource,
): string | undefined {
  const sandbox = `a sandbox of ${topology.provider}`;
  return lackText(name, needs, sandbox, (need) => offersNeed(topology.provider, need));
}

function checkProblems(spec: CheckSpec, inExperiment: boolean, source: LabSource): string[] {
  const type = source.words.checks.find((candidate) => candidate.name === spec.type);
  if (type === undefined) return [];
  const lack = unmet(type, source);
  return [
    ...(!type.reads.includes("sandbox") && !inExperiment
      ? [`${type.name} reads an experiment: it is for its objectives only`]
      : []),
    ...(lack === undefined ? [] : [lack]),
    ...nestedChecks(spec, source.words).flatMap((child) => checkProblems(child.spec, inExperiment, source)),
  ];
}

/** Checks stand where they can look, and checks and actions find in the lab's sandbox what they need. */
export const fittingChecks: Rule = (source) => {
  const { lab, place, words } = source;
  const checks = allEntries(lab).flatMap(({ entry, path, experiment }) =>
    checkProblems(entry.check, experiment !== undefined, source).map((message) =>
      problem(place([...path, "check"]), message),
    ),
  );
  const actions = lab.experiments.flatMap((experiment, index) => {
    const unfit = (spec: ActionSpec, key: string): Problem[] => {
      const type = words.actions.find((candidate) => candidate.name === spec.name);
      const lack = type === undefined ? undefined : unmet(type, source);
      return lack === undefined ? [] : [problem(place(["experiments", index, key]), lack)];
    };
    return [
      ...[...new Set(experiment.do)].flatMap((spec) => unfit(spec, "do")),
      ...experiment.with.flatMap((spec) => unfit(spec, "with")),
      ...(experiment.control === undefined ? [] : unfit(experiment.control, "control")),
    ];
  });
  return [...checks, ...actions];
};
