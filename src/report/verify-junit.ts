import type { CheckResult, VerifyResult } from "../verify/verify-context.ts";
import { attributes, element, type XmlElement } from "./xml-element.ts";

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}

function detail({ expected, observed, lookAt }: CheckResult): string {
  const look = lookAt === undefined ? [] : [`look at: ${lookAt}`];
  return [`expected: ${expected}`, `observed: ${observed}`, ...look].join("\n");
}

function children(result: CheckResult): XmlElement[] {
  const { observed: message, outcome } = result;
  const type = result.role === "guard" ? "guard" : "not yet";
  if (outcome === "pass") return [];
  if (outcome === "not run") return [element("skipped", attributes({ message }))];
  if (outcome === "fail") return [element("failure", attributes({ message, type }), detail(result))];
  return [element("error", attributes({ message, type: "could not be observed" }), detail(result))];
}

/** A verify as JUnit XML: not yet is a failure, could not look is an error, not reached is skipped. Names the variant once it is solved. */
export function verifyJunit(result: VerifyResult): string {
  const { lab, variant, solved, results } = result;
  const of = (one: CheckResult["outcome"]) => String(results.filter((check) => check.outcome === one).length);
  const counts = { tests: String(results.length), failures: of("fail"), errors: of("error"), skipped: of("not run") };
  const cases = results.map((check) => {
    const classname = [lab, check.experiment ?? `${check.role}s`].join(".");
    const name = `${check.id}: ${check.title}`;
    return element("testcase", attributes({ classname, name, time: seconds(check.durationMs) }), children(check));
  });
  const time = seconds(result.durationMs);
  const suite = element(
    "testsuite",
    attributes({ name: solved ? `${lab} (${variant})` : lab, ...counts, time, timestamp: result.startedAt }),
    cases,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element("testsuites", attributes({ name: "labs verify", ...counts, time }), [suite]).text}\n`;
}
