import type { KubeObject } from "../../kube/kube.ts";
import type { LabFolder } from "./folder.ts";
import type { Lab } from "../lab.ts";
import { normaliseLab } from "./normalise.ts";
import { parseLab } from "./parse.ts";
import type { Place, Problem } from "../problem.ts";
import type { Vocabulary } from "../vocabulary.ts";

/** A lab together with where its parts are written; what rules look at. */
export interface LabSource {
  readonly lab: Lab;
  readonly words: Vocabulary;
  /** Where a path of lab.yaml is. */
  readonly place: (path: readonly PropertyKey[]) => Place;
  /** Where an object's manifest is. */
  readonly objectPlace: (object: KubeObject) => Place;
  /** True for a word that a fix or bypass has: it may make what the word names. */
  readonly inScripts: (word: string) => boolean;
}

/** What became of a folder: a source when its form is right, and all problems of its form. */
export interface ReadLab {
  readonly source?: LabSource;
  readonly problems: readonly Problem[];
}

/** The words of all fixes and bypasses, names of objects whole. */
function scriptWords(folder: LabFolder): ReadonlySet<string> {
  const texts = [...folder.files].filter(([path]) => /^(?:fixes|bypasses)\//.test(path));
  return new Set(
    texts.flatMap(([, content]) => content.toString("utf8").match(/[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?/g) ?? []),
  );
}

/** Parses and normalises a folder. Pure; rules are run by `validateLab`. */
export function readLab(folder: LabFolder, words: Vocabulary): ReadLab {
  const parsed = parseLab(folder, words);
  if (parsed.file === undefined) return { problems: parsed.problems };
  let spoken: ReadonlySet<string> | undefined;
  const { lab, objectPlaces, problems } = normaliseLab(parsed.file, parsed, folder);
  return {
    source: {
      lab,
      words,
      place: (path) => parsed.place(path),
      objectPlace: (object) => objectPlaces.get(object) ?? { file: "lab.yaml" },
      inScripts: (word) => (spoken ??= scriptWords(folder)).has(word),
    },
    problems,
  };
}
