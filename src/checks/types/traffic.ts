import { z } from "zod";
import { type WorkloadRef, workload, workloadKind, workloadText } from "../../lab/workload.ts";
import type { LoadResult } from "../../sandbox/agent/load-agent.ts";
import { type CheckContext, defineCheck, verdict } from "../check.ts";
import { recordOf, recordedName } from "../recorded.ts";

const share = z.number().min(0).max(1);
const ratioAtMost = z.strictObject({ atMost: z.number().positive() });
const ratioAtLeast = z.strictObject({ atLeast: z.number().positive() });

const params = z.strictObject({
  from: z.string().describe("Name of the load"),
  failed: z.strictObject({ atMost: z.number().int().min(0).optional(), ratioAtMost: share.optional() }).optional(),
  retried: z
    .strictObject({ atMost: z.number().int().min(0) })
    .optional()
    .describe("Requests that succeeded only because they were sent again on another connection"),
  ok: z.strictObject({ atLeast: z.number().int().positive() }).optional(),
  answeredBy: workload.optional().describe("Every answer came from a pod of this workload"),
  perPod: z
    .strictObject({ atLeast: share, pods: z.number().int().positive().optional() })
    .optional()
    .describe("Share of the answers that each pod gave, and how many pods must have answered"),
  versions: z
    .strictObject({ only: z.string().min(1) })
    .optional()
    .describe("The only version that may have answered"),
  latency: z
    .strictObject({
      quantile: z.enum(["p50", "p95", "p99", "max"]).default("p99"),
      ratioToControl: ratioAtMost.optional(),
      atMostMs: z.number().positive().optional(),
    })
    .optional(),
  throughput: z.strictObject({ ratioToControl: ratioAtLeast }).optional(),
});

/** What `traffic` parses. */
export type TrafficParams = z.infer<typeof params>;

/** What a load of an experiment saw, in the words of an observation. */
function summary(result: LoadResult): string {
  const first = result.firstFailure;
  const failure = first === null ? "" : `; first failure ${first.kind}: ${first.detail}`;
  const { p50, p99 } = result.latencyMs;
  return `${result.sent} sent, ${result.ok} ok, ${result.failed} failed, p50 ${Math.round(p50)} ms, p99 ${Math.round(p99)} ms${failure}`;
}

/** How the workload that had to answer is set up. */
function lookAtWorkload(ref: WorkloadRef | undefined, { namespace }: CheckContext): string | undefined {
  if (ref === undefined || workloadKind(ref) === undefined) return undefined;
  return `kubectl -n ${namespace} get ${workloadText(ref)} -o yaml`;
}

/** What a load beside an experiment saw. */
export const traffic = defineCheck<TrafficParams>({
  name: "traffic",
  summary: "A load of the experiment lost, answered, spread and took what it may; a load that sent nothing fails",
  reads: ["record"],
  needs: [],
  racy: false,
  params,
  async run(given, context) {
    const record = recordOf(context);
    const result = record.traffic[given.from];
    const control = record.control?.traffic[given.from];
    if (result === undefined || result.sent === 0) {
      const observed = result === undefined ? `no load ${given.from} ran` : "it sent nothing";
      return verdict(false, `the load ${given.from} sends requests`, observed);
    }
    const { answeredBy } = given;
    const name = answeredBy === undefined ? "" : recordedName(answeredBy);
    const own = new Set(record.pods.filter((pod) => pod.workload === name).map((pod) => pod.name));
    const rules = [
      ...judgeTraffic(given, result, control),
      ...(answeredBy === undefined ? [] : [judgeAnswers(workloadText(answeredBy), own, result)]),
    ];
    const broken = rules.filter(({ wrong }) => wrong !== undefined);
    const expected = `${given.from}: ${rules.map((one) => one.expected).join(", ")}`;
    const wrong = broken.map((one) => one.wrong).join("; ");
    const observed = broken.length === 0 ? summary(result) : `${wrong} (${summary(result)})`;
    return verdict(broken.length === 0, expected, observed, {
      lookAt: lookAtWorkload(answeredBy, context),
      data: control === undefined ? { result } : { result, control },
    });
  },
});

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
