import { attributes, element } from "./xml-element.ts";

/** How a case ended. `problem` is empty when it passed. */
export interface CaseResult {
  readonly lab: string;
  readonly name: string;
  readonly passed: boolean;
  readonly problem: string;
  readonly seconds: number;
  /** What its parts took, in seconds: where the cost of a proof lies. */
  readonly stages?: Readonly<Record<string, number>>;
  /** It was not run this time, but in the proof that this one goes on from. */
  readonly earlier?: true;
}

/** One row of the proof's table: verdict, seconds, lab, case, and the reason when it does not hold. */
export function caseRow({ lab, name, passed, problem, seconds, earlier }: CaseResult): string {
  const when = earlier === true ? " (earlier)" : "";
  const row = `${passed ? "✓" : "✗"} ${seconds.toFixed(1).padStart(7)} s  ${lab}  ${name}${when}\n`;
  return passed ? row : `${row}      ${problem}\n`;
}

/** The parts of all these cases by what they took together, the longest first. */
function stagesText(results: readonly CaseResult[]): string[] {
  const sums = new Map<string, number>();
  for (const { stages = {} } of results) {
    for (const [stage, seconds] of Object.entries(stages)) sums.set(stage, (sums.get(stage) ?? 0) + seconds);
  }
  const longest = [...sums].sort(([, a], [, b]) => b - a).slice(0, 5);
  if (longest.length === 0) return [];
  return [`longest parts: ${longest.map(([stage, seconds]) => `${stage} ${Math.round(seconds)} s`).join(", ")}`];
}

/** The end of a proof: how many cases hold, the time in all, the three slowest, and which parts of them took longest. */
export function proofSummary(results: readonly CaseResult[]): string {
  const failed = results.filter(({ passed }) => !passed);
  const seconds = results.reduce((sum, result) => sum + result.seconds, 0);
  const slowest = [...results].sort((a, b) => b.seconds - a.seconds).slice(0, 3);
  return [
    `${results.length - failed.length} of ${results.length} cases hold, ${Math.round(seconds)} s`,
    `slowest: ${slowest.map((result) => `${result.lab} ${result.name} ${Math.round(result.seconds)} s`).join(", ")}`,
    ...stagesText(results),
    ...failed.map(({ lab, name, problem }) => `✗ ${lab} ${name}: ${problem}`),
    "",
  ].join("\n");
}

/** The same as JUnit XML, one suite per lab. */
export function proofJunit(results: readonly CaseResult[]): string {
  const labs = [...new Set(results.map(({ lab }) => lab))];
  const suites = labs.map((lab) => {
    const own = results.filter((result) => result.lab === lab);
    const cases = own.map(({ name, passed, problem, seconds }) =>
      element(
        "testcase",
        attributes({ classname: lab, name, time: String(seconds) }),
        passed ? [] : [element("failure", attributes({ message: problem }))],
      ),
    );
    const failures = String(own.filter(({ passed }) => !passed).length);
    return element("testsuite", attributes({ name: lab, tests: String(own.length), failures }), cases);
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", attributes({ name: "labs prove" }), suites).text}\n`;
}
