import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

const LEVELS = ["nudge", "where", "what", "command"] as const;

/** A lab has a story, a debrief and hints that tell more and more. */
export const completeTexts: Rule = ({ lab, place }) => {
  const texts = [
    { file: "README.md", text: lab.story, what: "the story" },
    { file: "debrief.md", text: lab.debrief, what: "the debrief" },
  ];
  return [
    ...texts.flatMap(({ file, text, what }) =>
      text.trim() === "" ? [problem({ file }, `${what} is missing or empty`)] : [],
    ),
    ...LEVELS.flatMap((level) =>
      lab.hints.some((hint) => hint.level === level)
        ? []
        : [problem(place(["hints"]), `there is no hint of level ${level}`)],
    ),
    ...lab.hints.flatMap((hint, index) => {
      const before = lab.hints.slice(0, index).findLast((other) => other.when === hint.when);
      if (before === undefined || LEVELS.indexOf(before.level) <= LEVELS.indexOf(hint.level)) return [];
      return [
        problem(place(["hints", index]), `a ${hint.level} comes after a ${before.level}: hints tell more and more`),
      ];
    }),
    ...lab.hints.flatMap((hint, index) =>
      hint.level === "command" && hint.command === undefined
        ? [problem(place(["hints", index]), "a hint of level command has a command")]
        : [],
    ),
  ];
};
