import { explainIssues, labErrors } from "../format/explain-issues.ts";
import type { LabFolder } from "./folder.ts";
import { pathText, problem, type Place, type Problem } from "../problem.ts";
import { labSchema, type LabFile } from "../format/schema.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { parseYaml } from "./yaml-source.ts";

/** lab.yaml as read: the parsed file, unless there are problems. */
export interface ParsedLab {
  readonly file?: LabFile;
  readonly problems: readonly Problem[];
  /** Where a path of lab.yaml is. */
  readonly place: (path: readonly PropertyKey[]) => Place;
}

const LAB_FILE = "lab.yaml";

/** Parses lab.yaml; every problem of its form at once, with line and path. */
export function parseLab(folder: LabFolder, words: Vocabulary): ParsedLab {
  const text = folder.files.get(LAB_FILE)?.toString("utf8") ?? "";
  const { documents, problems } = parseYaml(LAB_FILE, text);
  const [document, second] = documents;
  const place = (path: readonly PropertyKey[]): Place => document?.place(path) ?? { file: LAB_FILE };
  if (problems.length > 0) return { problems, place };
  if (document === undefined) return { problems: [problem({ file: LAB_FILE }, "is empty")], place };
  if (second !== undefined) return { problems: [problem(second.place([]), "a lab file is one document")], place };
  const parsed = labSchema(words).safeParse(document.value, { error: labErrors });
  if (parsed.success) return { file: parsed.data, problems, place };
  return {
    problems: explainIssues(parsed.error).map(({ path, message }) => problem(place(path), message, pathText(path))),
    place,
  };
}
