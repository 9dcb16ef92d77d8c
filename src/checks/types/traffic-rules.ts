import type { LoadResult } from "../../sandbox/agent/load-agent.ts";
import type { TrafficParams } from "./traffic.ts";

/** One rule on a load: what it asks, and what is wrong where it is broken. */
export interface TrafficRule {
  readonly expected: string;
  readonly wrong: string | undefined;
}

function rule(expected: string, holds: boolean, wrong: string): TrafficRule {
  return { expected, wrong: holds ? undefined : wrong };
}

function percent(ratio: number): string {
  return `${Number((ratio * 100).toFixed(1))} %`;
}

function failures({ failed, retried }: TrafficParams, result: LoadResult): TrafficRule[] {
  const rules: TrafficRule[] = [];
  if (failed?.atMost !== undefined) {
    rules.push(rule(`at most ${failed.atMost} failed`, result.failed <= failed.atMost, `${result.failed} failed`));
  }
  if (failed?.ratioAtMost !== undefined) {
    const ratio = result.failed / result.sent;
    rules.push(
      rule(`at most ${percent(failed.ratioAtMost)} failed`, ratio <= failed.ratioAtMost, `${percent(ratio)} failed`),
    );
  }
  if (retried !== undefined) {
    rules.push(
      rule(`at most ${retried.atMost} sent again`, result.retried <= retried.atMost, `${result.retried} sent again`),
    );
  }
  return rules;
}

function spread({ perPod }: TrafficParams, result: LoadResult): TrafficRule[] {
  if (perPod === undefined) return [];
  const counts = Object.values(result.byPod);
  const answers = counts.reduce((sum, count) => sum + count, 0);
  const least = answers === 0 ? 0 : Math.min(...counts) / answers;
  const wanted = perPod.pods ?? 1;
  return [
    rule(
      `at least ${percent(perPod.atLeast)} from each pod`,
      least >= perPod.atLeast,
      `one pod gave ${percent(least)}`,
    ),
    rule(`answers of at least ${wanted} pods`, counts.length >= wanted, `${counts.length} pods answered`),
  ];
}

/** Nobody else answers in place of a workload's pods. */
export function judgeAnswers(name: string, pods: ReadonlySet<string>, result: LoadResult): TrafficRule {
  const others = Object.keys(result.byPod).filter((pod) => !pods.has(pod));
  return rule(`only ${name} answers`, others.length === 0, `${others.slice(0, 3).join(", ")} answered`);
}

function sameVersion({ versions }: TrafficParams, { byVersion }: LoadResult): TrafficRule[] {
  if (versions === undefined) return [];
  const others = Object.entries(byVersion).filter(([version]) => version !== versions.only);
  const told = others.map(([version, count]) => `${version} answered ${count}`).join(", ");
  const seen = Object.hasOwn(byVersion, versions.only);
  const wrong = told === "" ? `${versions.only} did not answer` : told;
  return [rule(`answers of version ${versions.only} only`, seen && others.length === 0, wrong)];
}

function perSecond(result: LoadResult): number {
  const seconds = (Date.parse(result.endedAt ?? "") - Date.parse(result.startedAt)) / 1000;
  return result.completedPerSecond ?? (seconds > 0 ? result.ok / seconds : 0);
}

/** A ratio to the control; a control that answered nothing proves nothing. */
function compared(
  name: string,
  own: number,
  control: number | undefined,
  atMost: number,
  atLeast: number,
): TrafficRule {
  const text = atMost === Infinity ? `at least ${atLeast}` : `at most ${atMost}`;
  const expected = `${name} ${text} × control`;
  if (control === undefined || control <= 0) throw new Error(`there is no control to compare the ${name} with`);
  const ratio = own / control;
  return rule(expected, ratio <= atMost && ratio >= atLeast, `${name} is ${Number(ratio.toFixed(2))} × control`);
}

/** All rules that a `traffic` check sets, judged. Without any: at least one request must have been answered. */
export function judgeTraffic(given: TrafficParams, result: LoadResult, control: LoadResult | undefined): TrafficRule[] {
  const rules = [...failures(given, result), ...spread(given, result), ...sameVersion(given, result)];
  const { latency, throughput } = given;
  const least = given.ok?.atLeast ?? 1;
  rules.push(rule(`at least ${least} answered`, result.ok >= least, `only ${result.ok} answered`));
  if (latency !== undefined) {
    const { quantile, ratioToControl, atMostMs } = latency;
    const own = result.latencyMs[quantile];
    if (atMostMs !== undefined)
      rules.push(rule(`${quantile} at most ${atMostMs} ms`, own <= atMostMs, `${quantile} is ${own} ms`));
    if (ratioToControl !== undefined) {
      rules.push(compared(quantile, own, control?.latencyMs[quantile], ratioToControl.atMost, 0));
    }
  }
  if (throughput !== undefined) {
    const own = perSecond(result);
    const theirs = control === undefined ? undefined : perSecond(control);
    rules.push(compared("throughput", own, theirs, Infinity, throughput.ratioToControl.atLeast));
  }
  return rules;
}
