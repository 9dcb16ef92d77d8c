import { eachString } from "../values.ts";
import { labObjects, objectName } from "../entries.ts";
import { problem, warning, type Problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

const SPOILER = /(?<![a-z])(?:bug(?:s|gy)?|wrong(?:ly)?|broken|fix(?:e[sd]|ing)?)(?![a-z])/i;

/** What the learner can see does not say what is the matter: objects, containers, ids; and the story. */
export const noSpoilers: Rule = ({ lab, place, objectPlace }) => {
  const found: Problem[] = [];
  for (const { object, part } of labObjects(lab)) {
    if (part === "stage") continue;
    const texts = new Set<string>();
    eachString(object, (text) => texts.add(text));
    // Names of labels and of ConfigMap entries are keys.
    for (const map of [object.metadata.labels, object.metadata.annotations, object["data"]]) {
      for (const key of Object.keys(map ?? {})) texts.add(key);
    }
    for (const text of texts) {
      const word = SPOILER.exec(text)?.[0];
      if (word !== undefined)
        found.push(problem(objectPlace(object), `${objectName(object)}: "${word}" tells that it is the cause`));
    }
  }
  for (const [index, container] of lab.containers.entries()) {
    eachString([container.name, container.env, container.args], (text) => {
      const word = SPOILER.exec(text)?.[0];
      if (word !== undefined) found.push(problem(place(["containers", index]), `"${word}" tells that it is the cause`));
    });
  }
  for (const [index, line] of lab.story.split("\n").entries()) {
    const word = SPOILER.exec(line)?.[0];
    if (word !== undefined)
      found.push(warning({ file: "README.md", line: index + 1 }, `"${word}" may tell the learner too much`));
  }
  return found;
};
