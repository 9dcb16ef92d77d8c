import { dockerfileImages } from "../read/dockerfile.ts";
import { imageProblem } from "../read/images.ts";
import { labObjects, objectName } from "../entries.ts";
import { problem, warning, type Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

const LISTS = new Set(["containers", "initContainers", "ephemeralContainers"]);

/** Images of every list of containers inside a value. */
function imagesIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) => {
    if (!LISTS.has(key) || !Array.isArray(item)) return imagesIn(item);
    return item.flatMap((one: unknown) =>
      typeof one === "object" && one !== null && "image" in one && typeof one.image === "string" ? [one.image] : [],
    );
  });
}

/** Every image is one that setup provides, and pinned. A fault may name one that does not exist: that can be the lab. */
export const knownImages: Rule = ({ lab, place, objectPlace }) => {
  const ofObjects = labObjects(lab).flatMap(({ object, part }) =>
    imagesIn(object).flatMap((image): Problem[] => {
      const text = imageProblem(image, lab.images);
      if (text === undefined) return [];
      const report = part === "fault" ? warning : problem;
      return [report(objectPlace(object), `${objectName(object)}: ${text}`)];
    }),
  );
  const ofContainers = lab.containers.flatMap(({ image, build }, index) => {
    const text = build === undefined ? imageProblem(image, lab.images) : undefined;
    return text === undefined ? [] : [problem(place(["containers", index, "image"]), text)];
  });
  const copies = lab.variants.flatMap(({ fault }) =>
    fault.flatMap((step) => (step.do === "files" ? [step.files] : [])),
  );
  const ofDockerfiles = [lab.workspace, ...copies].flatMap((files) =>
    dockerfileImages(files).flatMap(({ file, image }) => {
      const text = imageProblem(image, lab.images);
      return text === undefined ? [] : [problem({ file }, text)];
    }),
  );
  return [...ofObjects, ...ofContainers, ...ofDockerfiles];
};
