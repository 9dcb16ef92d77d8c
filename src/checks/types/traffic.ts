import { z } from "zod";
import { type WorkloadRef, workload, workloadKind, workloadText } from "../../lab/workload.ts";
import type { LoadResult } from "../../sandbox/agent/load-agent.ts";
import { type CheckContext, defineCheck, verdict } from "../check.ts";
import { recordOf, recordedName } from "../recorded.ts";
import { judgeAnswers, judgeTraffic } from "./traffic-rules.ts";

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
  providers: ["kind", "docker"],
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
