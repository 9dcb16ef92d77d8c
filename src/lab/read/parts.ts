import type { KubeObject } from "../../kube/kube.ts";
import type { FaultStep } from "../format/fault-schema.ts";
import type { LabFolder } from "./folder.ts";
import type { FaultEntry, LabContainer, Variant } from "../lab.ts";
import { readManifests } from "./manifests.ts";
import type { ParsedLab } from "./parse.ts";
import { problem, type Place, type Problem } from "../problem.ts";
import type { LabFile } from "../format/schema.ts";
import { partOf, type Files } from "../workspace.ts";

/** The manifests of a lab, read. */
export interface Parts {
  readonly stage: readonly KubeObject[];
  readonly base: readonly KubeObject[];
  readonly variants: readonly Variant[];
  readonly places: ReadonlyMap<KubeObject, Place>;
  readonly problems: readonly Problem[];
}

type Change = NonNullable<Exclude<FaultStep, string>["recreate"]>;

function containerChange({ memory, ...rest }: Change): Partial<LabContainer> & { readonly name: string } {
  return memory === undefined ? rest : { ...rest, memoryBytes: memory };
}

interface Readers {
  readonly apply: (path: string) => readonly KubeObject[];
  readonly files: (path: string) => Files;
}

function faultEntry(step: FaultStep, { apply, files }: Readers): FaultEntry {
  if (typeof step === "string") return { do: "apply", objects: apply(step) };
  if (step.apply !== undefined) return { do: "apply", objects: apply(step.apply) };
  if (step.delete !== undefined) return { do: "delete", ...step.delete };
  if (step.patch !== undefined) return { do: "patch", ...step.patch };
  if (step.recreate !== undefined) return { do: "recreate", container: containerChange(step.recreate) };
  if (step.files !== undefined) return { do: "files", files: files(step.files) };
  if (step.stop !== undefined) return { do: "stop", container: step.stop.name, timeoutMs: step.stop.timeout };
  if (typeof step.restart === "string") return { do: "restart", workload: step.restart };
  if (step.restart !== undefined) return { do: "restart", ...step.restart };
  throw new Error("a step of a fault without a key passed the schema");
}

/** Reads stage, base and the faults of all variants. */
export function readParts(file: LabFile, parsed: ParsedLab, folder: LabFolder): Parts {
  const places = new Map<KubeObject, Place>();
  const problems = new Set<Problem>();
  const read = (path: string, at: readonly PropertyKey[]): readonly KubeObject[] => {
    const manifests = readManifests(folder, path, parsed.place(at));
    for (const [object, place] of manifests.places) places.set(object, place);
    for (const found of manifests.problems) problems.add(found);
    return manifests.objects;
  };
  const copied = (path: string, at: readonly PropertyKey[]): Files => {
    const files = partOf(folder, path);
    if (typeof files !== "string") return files;
    problems.add(problem(parsed.place(at), files));
    return new Map();
  };
  const list = (key: "stage" | "base"): KubeObject[] =>
    (file[key] ?? []).flatMap((path, index) => read(path, [key, index]));
  return {
    stage: list("stage"),
    base: list("base"),
    variants: Object.entries(file.variants).map(([id, { fault, fails }]) => ({
      id,
      fault: fault.map((step, index) => {
        const at = ["variants", id, "fault", index];
        return faultEntry(step, { apply: (path) => read(path, at), files: (path) => copied(path, at) });
      }),
      fails,
    })),
    places,
    problems: [...problems],
  };
}
