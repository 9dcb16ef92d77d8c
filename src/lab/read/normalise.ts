import { basename } from "node:path";
import { baseImagesOf } from "../../images/base-images.ts";
import type { KubeObject } from "../../kube/kube.ts";
import type { LabFile } from "../format/schema.ts";
import type { CheckEntry, Experiment, Lab, LabContainer } from "../lab.ts";
import type { Place, Problem } from "../problem.ts";
import type { Topology } from "../topology.ts";
import { WORKSPACE, partOf } from "../workspace.ts";
import { type LabFolder, folderDigest } from "./folder.ts";
import { builtImage } from "./images.ts";
import type { ParsedLab } from "./parse.ts";
import { readParts } from "./parts.ts";
import { readScripts } from "./scripts.ts";

/** A lab with everything it refers to, where its objects are, and what could not be read. */
export interface NormalisedLab {
  readonly lab: Lab;
  readonly objectPlaces: ReadonlyMap<KubeObject, Place>;
  readonly problems: readonly Problem[];
}

type EntryFile = NonNullable<LabFile["guards"]>[number];
type ExperimentFile = NonNullable<LabFile["experiments"]>[number];

function wordsOf(id: string): string {
  const words = id.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function entry(file: EntryFile): CheckEntry {
  const { id, title = wordsOf(id), within: withinMs = 0, for: forMs = 0, needs = [], check } = file;
  return { id, title, withinMs, forMs, needs, check };
}

function experiment(file: ExperimentFile): Experiment {
  const { repeat = 1, with: companions = [], settle = [], needs = [], objectives, ...rest } = file;
  return {
    ...rest,
    do: Array.from({ length: repeat }, () => file.do).flat(),
    with: companions,
    settle,
    needs,
    objectives: objectives.map(entry),
  };
}

function topology(file: LabFile): Topology {
  if (file.sandbox.kind === undefined) return { provider: "docker" };
  const { workers, fresh = false, addons = [] } = file.sandbox.kind;
  const images = baseImagesOf(file.images ?? []).map(({ ref }) => ref);
  const names = [...new Set(addons)].toSorted();
  return {
    provider: "kind",
    workers,
    fresh,
    ...(names.length === 0 ? {} : { addons: names }),
    ...(images.length === 0 ? {} : { images }),
  };
}

function containers(file: LabFile): LabContainer[] {
  return (file.containers ?? []).map(({ memory, part = "base", env = {}, args = [], image, ...rest }) => ({
    ...rest,
    image: image ?? builtImage("${sandbox}", rest.name),
    part,
    env,
    args,
    ...(memory === undefined ? {} : { memoryBytes: memory }),
  }));
}

/** Fills in defaults and reads what the lab file refers to. */
export function normaliseLab(file: LabFile, parsed: ParsedLab, folder: LabFolder): NormalisedLab {
  const parts = readParts(file, parsed, folder);
  const { scripts, problems } = readScripts(folder);
  const text = (name: string): string => folder.files.get(name)?.toString("utf8") ?? "";
  const { title, summary, level, minutes, topics, namespaces = [], values = {}, hints = [], images = [] } = file;
  const workspace = partOf(folder, WORKSPACE);
  return {
    lab: {
      id: basename(folder.dir),
      dir: folder.dir,
      digest: folderDigest(folder),
      title,
      summary,
      level,
      minutes,
      topics,
      namespaces,
      values,
      hints,
      topology: topology(file),
      stage: parts.stage,
      base: parts.base,
      nodes: (file.nodes ?? []).map(({ worker, labels = {}, taints = [] }) => ({ worker, labels, taints })),
      containers: containers(file),
      images,
      workspace: typeof workspace === "string" ? new Map() : workspace,
      variants: parts.variants,
      symptom: file.symptom.map(entry),
      guards: (file.guards ?? []).map(entry),
      objectives: (file.objectives ?? []).map(entry),
      experiments: (file.experiments ?? []).map(experiment),
      story: text("README.md"),
      debrief: text("debrief.md"),
      scripts,
    },
    objectPlaces: parts.places,
    problems: [...parts.problems, ...problems],
  };
}
