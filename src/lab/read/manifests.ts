import { posix } from "node:path";
import { z } from "zod";
import type { KubeObject } from "../../kube/kube.ts";
import { explainIssues, labErrors } from "../format/explain-issues.ts";
import type { LabFolder } from "./folder.ts";
import { pathText, problem, type Place, type Problem } from "../problem.ts";
import { parseYaml } from "./yaml-source.ts";

/** The objects of some manifests, with their places, and what could not be read. */
export interface Manifests {
  readonly objects: readonly KubeObject[];
  readonly places: ReadonlyMap<KubeObject, Place>;
  readonly problems: readonly Problem[];
}

const object: z.ZodType<KubeObject> = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.exactOptional(z.string()),
    labels: z.exactOptional(z.record(z.string(), z.string())),
    annotations: z.exactOptional(z.record(z.string(), z.string())),
  }),
});

const MANIFEST = /\.(ya?ml|json)$/;

function readManifest(file: string, text: string): Manifests {
  const { documents, problems } = parseYaml(file, text);
  const places = new Map<KubeObject, Place>();
  const found = [...problems];
  for (const document of documents) {
    const parsed = object.safeParse(document.value, { error: labErrors });
    if (!parsed.success) {
      for (const { path, message } of explainIssues(parsed.error))
        found.push(problem(document.place(path), message, pathText(path)));
    } else if (parsed.data.kind.endsWith("List")) {
      found.push(problem(document.place(["kind"]), `a ${parsed.data.kind} is not taken: write its items as documents`));
    } else {
      places.set(parsed.data, document.place([]));
    }
  }
  return { objects: [...places.keys()], places, problems: found };
}

function filesAt(folder: LabFolder, path: string): string[] {
  const clean = posix.normalize(path).replace(/\/$/, "");
  if (folder.files.has(clean)) return [clean];
  return [...folder.files.keys()].filter(
    (name) => MANIFEST.test(name) && (clean === "." || name.startsWith(`${clean}/`)),
  );
}

/** Reads the manifests of a file or folder, in the order of their names. `from` is where the path is written. */
export function readManifests(folder: LabFolder, path: string, from: Place): Manifests {
  const none = { objects: [], places: new Map() };
  if (posix.isAbsolute(path) || posix.normalize(path).split("/").includes("..")) {
    return { ...none, problems: [problem(from, `"${path}" leaves the lab's folder`)] };
  }
  const files = filesAt(folder, path);
  if (files.length === 0)
    return { ...none, problems: [problem(from, `"${path}" is no manifest and no folder with manifests`)] };
  const read = files.map((file) => readManifest(file, folder.files.get(file)?.toString("utf8") ?? ""));
  const problems = read.flatMap((part) => part.problems);
  const objects = read.flatMap((part) => part.objects);
  if (objects.length === 0 && problems.length === 0) problems.push(problem(from, `"${path}" holds no object`));
  return { objects, places: new Map(read.flatMap((part) => [...part.places])), problems };
}
