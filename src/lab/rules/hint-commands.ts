import { hintCommandProblem } from "../hint-command.ts";
import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Commands of hints are single kubectl or docker commands that only look. */
export const hintCommands: Rule = ({ lab, place }) =>
  lab.hints.flatMap(({ command }, index) => {
    const message = command === undefined ? undefined : hintCommandProblem(command);
    return message === undefined ? [] : [problem(place(["hints", index, "command"]), `the command ${message}`)];
  });
