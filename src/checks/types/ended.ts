import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { type Rule, defineCheck, rulesVerdict, verdict } from "../check.ts";
import { recordOf } from "../recorded.ts";

const params = z.strictObject({
  from: z.string().describe("Name of a `run` or `lifecycle` action of the experiment"),
  exitCode: z.int().optional(),
  output: z.string().optional().describe("Regular expression; a line of what it wrote matches"),
  within: duration.optional().describe("From the stop signal to its end"),
  answered: z.boolean().optional().describe("The request in flight got its answer"),
  latecomer: z.boolean().optional().describe("Who asked after the stop signal still got an answer"),
});

type Params = z.infer<typeof params>;

const ending = z.looseObject({
  exitCode: z.number(),
  output: z.string(),
  seconds: z.number().optional(),
  answered: z.boolean().optional(),
  latecomerAnswered: z.boolean().optional(),
});

function rulesOf(given: Params, seen: z.infer<typeof ending>): Rule[] {
  const { exitCode, output, within, answered, latecomer } = given;
  const rules: Rule[] = [];
  if (exitCode !== undefined)
    rules.push({
      expected: `exit code ${exitCode}`,
      observed: `exit code ${seen.exitCode}`,
      holds: seen.exitCode === exitCode,
    });
  if (within !== undefined) {
    const seconds = seen.seconds ?? Infinity;
    rules.push({
      expected: `within ${within / 1000} s`,
      observed: `after ${seconds.toFixed(1)} s`,
      holds: seconds * 1000 <= within,
    });
  }
  if (answered !== undefined)
    rules.push({
      expected: answered ? "the request in flight is answered" : "the request in flight is not answered",
      observed: seen.answered === true ? "the request was answered" : "the request in flight was lost",
      holds: (seen.answered ?? false) === answered,
    });
  if (latecomer !== undefined) {
    if (seen.latecomerAnswered === undefined) throw new Error("latecomer needs `latecomer` in the lifecycle action");
    rules.push({
      expected: `who asks after the stop signal is ${latecomer ? "still answered" : "turned away"}`,
      observed: seen.latecomerAnswered ? "it still took a new request" : "it took no new request",
      holds: seen.latecomerAnswered === latecomer,
    });
  }
  if (output !== undefined) {
    const pattern = new RegExp(output);
    const lines = seen.output.split("\n").filter((line) => line.trim() !== "");
    const line = lines.findLast((one) => pattern.test(one));
    rules.push({
      expected: `a line /${output}/`,
      observed: `${line === undefined ? "no such line, last " : ""}${(line ?? lines.at(-1) ?? "(nothing)").trim().slice(0, 120)}`,
      holds: line !== undefined,
    });
  }
  return rules;
}

/** How a program that an experiment started came to its end. */
export const ended = defineCheck<Params>({
  name: "ended",
  summary:
    "A program of the experiment ended so: exit code, what it wrote, how long it took to stop, the request in flight",
  reads: ["record"],
  needs: ["containers"],
  racy: false,
  params,
  async run(given, context) {
    const action = recordOf(context).actions.find((one) => one.data["name"] === given.from);
    if (action === undefined) return verdict(false, `${given.from} ends`, `no action ${given.from} ran`);
    const subject =
      action.action === "lifecycle" ? `${given.from} comes up, and ends when it is stopped` : `${given.from} ends`;
    if (!action.finished) return verdict(false, subject, action.detail);
    const rules = rulesOf(given, ending.parse(action.data));
    return rules.length === 0 ? verdict(true, subject, action.detail) : rulesVerdict(rules, subject);
  },
});
