import { problem } from "../problem.ts";
import type { Rule } from "./rule.ts";

/** Commands of hints are single kubectl or docker commands that only look. */
export const hintCommands: Rule = ({ lab, place }) =>
  lab.hints.flatMap(({ command }, index) => {
    const message = command === undefined ? undefined : hintCommandProblem(command);
    return message === undefined ? [] : [problem(place(["hints", index, "command"]), `the command ${message}`)];
  });

/** Flags that take a value and may stand before the verb. */
const VALUED = new Set([
  "-n",
  "--namespace",
  "--context",
  "--kubeconfig",
  "-s",
  "--server",
  "-H",
  "--host",
  "-l",
  "--log-level",
]);

const VERBS: Readonly<Record<string, ReadonlySet<string>>> = {
  // edit opens an editor: what changes then is up to the learner.
  kubectl: new Set(
    "get describe edit logs events explain top api-resources api-versions version cluster-info diff".split(" "),
  ),
  docker: new Set("ps logs inspect top stats diff port images version info events history".split(" ")),
};

/** Second words that only look, by first word. */
const PAIRS: Readonly<Record<string, ReadonlySet<string>>> = {
  "kubectl rollout": new Set(["status", "history"]),
  "kubectl auth": new Set(["can-i", "whoami"]),
  "docker container": new Set(["ls", "inspect", "logs", "stats", "top"]),
  "docker image": new Set(["ls", "inspect", "history"]),
  "docker network": new Set(["ls", "inspect"]),
  "docker volume": new Set(["ls", "inspect"]),
};

/** What may run inside a container to look around. */
const LOOKING =
  /(?:^| )(?:--|[a-z0-9-]+) (?:\/?app|go-app|labs\/go-app(?::v\d+)?)? ?(?:probe|version|cat|ls|env|printenv|ps|id|cgroup)(?: |$)/;

/** Splits a command as a shell would, quotes included; undefined when it needs a shell for more than quotes. */
export function splitCommand(command: string): string[] | undefined {
  const words: string[] = [];
  let rest = command.trim();
  while (rest !== "") {
    const [whole] = /^(?:'[^']*'|"[^"`$]*"|[^\s'"`$;&|<>()\\])+/.exec(rest) ?? [];
    if (whole === undefined) return undefined;
    words.push(
      whole.replaceAll(/'([^']*)'|"([^"]*)"/g, (_quoted, single?: string, double?: string) => single ?? double ?? ""),
    );
    const next = rest.slice(whole.length);
    if (next !== "" && !/^\s/.test(next)) return undefined;
    rest = next.trimStart();
  }
  return words;
}

/** Why a hint's command cannot be given to a learner; undefined when it is one kubectl or docker command that only looks. */
export function hintCommandProblem(command: string): string | undefined {
  const words = splitCommand(command.replaceAll(/\$\{(\w+)\}/g, "$1"));
  if (words === undefined) return "is more than one plain command";
  const [program = "", ...args] = words;
  const verbs = VERBS[program];
  if (verbs === undefined) return `starts with "${program}", not with kubectl or docker`;
  let at = 0;
  while (args[at]?.startsWith("-") === true) at += VALUED.has(args[at] ?? "") ? 2 : 1;
  const [verb, second = ""] = args.slice(at);
  if (verb === undefined) return "has no verb";
  if (verbs.has(verb) || PAIRS[`${program} ${verb}`]?.has(second) === true) return undefined;
  if (verb === "exec" || (verb === "run" && args.includes("--rm"))) {
    return LOOKING.test(args.slice(at).join(" ")) ? undefined : `runs something that may do more than look`;
  }
  return `"${program} ${verb}" does more than look`;
}
