import type { KubeObject } from "../kube/kube.ts";
import type { CheckEntry, Lab } from "./lab.ts";

/** A check of a lab, with its role and its path in lab.yaml. */
export interface PlacedEntry {
  readonly entry: CheckEntry;
  readonly role: "symptom" | "guard" | "objective";
  readonly path: readonly PropertyKey[];
  /** Experiment it belongs to. */
  readonly experiment?: string;
}

/** Every check of a lab, in file order: symptom, guards, objectives, objectives of experiments. */
export function allEntries(lab: Lab): PlacedEntry[] {
  const list = (key: "symptom" | "guards" | "objectives", role: PlacedEntry["role"]): PlacedEntry[] =>
    lab[key].map((entry, index) => ({ entry, role, path: [key, index] }));
  const ofExperiments = lab.experiments.flatMap((experiment, at) =>
    experiment.objectives.map((entry, index): PlacedEntry => ({
      entry,
      role: "objective",
      path: ["experiments", at, "objectives", index],
      experiment: experiment.id,
    })),
  );
  return [
    ...list("symptom", "symptom"),
    ...list("guards", "guard"),
    ...list("objectives", "objective"),
    ...ofExperiments,
  ];
}

/** The checks that a verify judges: all but the symptom. */
export function judgedEntries(lab: Lab): PlacedEntry[] {
  return allEntries(lab).filter(({ role }) => role !== "symptom");
}

/** An object of a lab's manifests and the part it belongs to. */
export interface LabObject {
  readonly object: KubeObject;
  readonly part: "stage" | "base" | "fault";
}

/** Every object that a lab brings. */
export function labObjects(lab: Lab): LabObject[] {
  const faults = lab.variants.flatMap((variant) =>
    variant.fault.flatMap((entry) => (entry.do === "apply" ? entry.objects : [])),
  );
  return [
    ...lab.stage.map((object): LabObject => ({ object, part: "stage" })),
    ...lab.base.map((object): LabObject => ({ object, part: "base" })),
    ...faults.map((object): LabObject => ({ object, part: "fault" })),
  ];
}

/** `deployment/web`, for messages. */
export function objectName(object: KubeObject): string {
  return `${object.kind.toLowerCase()}/${object.metadata.name}`;
}
