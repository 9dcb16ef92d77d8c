import type { CheckEntry, CheckSpec, Experiment, Lab } from "../../src/lab/lab.ts";

/** A lab with nothing in it but what is given. */
export function fakeLab(parts: Partial<Lab> = {}): Lab {
  return {
    id: "probes-storm",
    dir: "/opt/labs/labs/probes-storm",
    digest: "d1",
    title: "Probes storm",
    summary: "A lab of the tests.",
    level: "hard",
    minutes: 20,
    topics: [],
    topology: { provider: "kind", workers: 0, fresh: false },
    namespaces: ["shop"],
    stage: [],
    base: [],
    nodes: [],
    containers: [],
    images: [],
    workspace: new Map(),
    variants: [{ id: "main", fault: [], fails: [] }],
    values: {},
    symptom: [],
    guards: [],
    objectives: [],
    experiments: [],
    hints: [],
    story: "",
    debrief: "",
    scripts: [],
    ...parts,
  };
}

/** A check with an identity that looks once. */
export function fakeEntry(id: string, check: CheckSpec, parts: Partial<CheckEntry> = {}): CheckEntry {
  return { id, title: `Title of ${id}`, check, withinMs: 0, forMs: 0, needs: [], ...parts };
}

/** An experiment that does nothing unless told otherwise. */
export function fakeExperiment(
  id: string,
  objectives: readonly CheckEntry[],
  parts: Partial<Experiment> = {},
): Experiment {
  return { id, do: [], with: [], settle: [], needs: [], objectives, ...parts };
}
