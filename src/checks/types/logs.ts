import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { defineCheck, joined, verdict } from "../check.ts";
import { readLogs } from "../../system/logs.ts";
import { hasOneTarget, oneTarget, podTarget, targetText } from "../../system/target.ts";

const params = z
  .strictObject({
    ...podTarget,
    container: z.string().optional(),
    matches: z.string().describe("Regular expression; one line must match it"),
    previous: z.boolean().default(false).describe("The log of the container before its last restart"),
    since: z.union([z.enum(["start", "fault", "fix"]), duration]).default("start"),
    absent: z.boolean().default(false).describe("No line may match"),
    match: z.enum(["every", "any"]).default("any").describe("In how many of the logs a line must match"),
  })
  .refine(hasOneTarget, oneTarget);

type LogsParams = z.infer<typeof params>;

/** A line in the logs of pods or containers. */
export const logs = defineCheck<LogsParams>({
  name: "logs",
  summary: "A line of the logs matches, or none does; only the last 1000 lines of each container count",
  reads: ["sandbox"],
  needs: [],
  racy: false,
  params,
  async run(given, context) {
    const read = await readLogs(given, context);
    const which = given.absent ? "no line of" : given.match === "every" ? "a line of each log of" : "a line of";
    const expected = `${which} ${targetText(given)} matches /${given.matches}/`;
    if (typeof read === "string") return verdict(false, expected, read);
    const [{ lookAt } = { lookAt: undefined }] = read;
    if (read.length === 0) return verdict(false, expected, "no pods, so no logs");
    const idle = given.absent ? read.find((log) => !log.ran) : undefined;
    if (idle !== undefined) return verdict(false, expected, `${idle.name} never ran`, { lookAt: idle.lookAt });
    const pattern = new RegExp(given.matches);
    const found = read.map((log) => ({ ...log, line: log.lines.findLast((line) => pattern.test(line)) }));
    const hits = found.filter((log) => log.line !== undefined);
    const enough = given.match === "every" ? hits.length === found.length : hits.length > 0;
    const passed = given.absent ? hits.length === 0 : enough;
    const text = hits.map((log) => `${log.name}: ${(log.line ?? "").trim().slice(0, 160)}`);
    const misses = found.filter((log) => log.line === undefined);
    const last = misses.map(
      (log) => `${log.name}: no match, last line ${(log.lines.at(-1) ?? "(empty)").slice(0, 120)}`,
    );
    const observed = given.absent === passed || hits.length === 0 ? last : text;
    return verdict(passed, expected, joined(observed), { lookAt });
  },
});
