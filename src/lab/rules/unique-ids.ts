import { allEntries } from "../entries.ts";
import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Ids of symptom, guards, objectives and of experiments occur once; built-in guards keep theirs. */
export const uniqueIds: Rule = ({ lab, place }) => {
  const experiments = lab.experiments.map(({ id }, index) => ({ id, path: ["experiments", index] }));
  const checks = allEntries(lab).map(({ entry, path }) => ({ id: entry.id, path }));
  const containers = lab.containers.map(({ name }, index) => ({ id: name, path: ["containers", index] }));
  return [checks, experiments, containers].flatMap((group) => {
    const seen = new Set<string>();
    return group.flatMap(({ id, path }) => {
      if (builtInGuards.includes(id) && group === checks) return [problem(place(path), `"${id}" is a built-in guard`)];
      if (seen.has(id)) return [problem(place(path), `"${id}" is there twice`)];
      seen.add(id);
      return [];
    });
  });
};

/** Guards that every verify has without the lab naming them. */
export const builtInGuards: readonly string[] = ["stage-intact", "instrumented"];
