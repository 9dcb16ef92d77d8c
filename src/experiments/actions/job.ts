import { randomBytes } from "node:crypto";
import { z } from "zod";
import { KubeError, refusal } from "../../kube/kube-error.ts";
import type { Kube, KubeObject } from "../../kube/kube.ts";
import { workloadText } from "../../lab/workload.ts";
import { duration } from "../../lib/units.ts";
import { type ActionContext, defineAction } from "../action.ts";
import { effect, effectProblem } from "./effect.ts";
import { jobObject } from "./job-object.ts";
import { observe } from "../../lib/poll.ts";
import { podEnd } from "../../system/pod.ts";
import { clusterOf } from "../../sandbox/capabilities.ts";

const params = z.strictObject({
  cronjob: z.string(),
  namespace: z.string().optional(),
  account: z.string().optional().describe("Service account that its pods must run as"),
  variable: z.string().describe("Environment variable that a run finds its release in"),
  releases: z
    .array(z.string())
    .min(1)
    .default(["first"])
    .describe("One run each, in this order; each name stands for a random value, the same name for the same"),
  within: duration.prefault("60s").describe("Each run at most this long"),
  proves: effect,
});

type Params = z.infer<typeof params>;

/** One run as the record keeps it. */
interface Run {
  readonly release: string;
  readonly job: string;
  readonly end?: JobEnd;
  /** Why it is none that got through; undefined: it did. */
  readonly problem?: string;
}

async function create(kube: Kube, object: KubeObject): Promise<string | undefined> {
  try {
    await kube.create(object);
    return undefined;
  } catch (error) {
    // Refused for what the CronJob says, or by a quota or policy.
    const said = refusal(error);
    if (said !== undefined) return said;
    throw error;
  }
}

async function runOnce(given: Params, context: ActionContext, release: string): Promise<Run> {
  const { sandbox, rt } = context;
  const { kube } = clusterOf(sandbox);
  const namespace = given.namespace ?? context.namespace;
  const cronjob = await kube.get({ apiVersion: "batch/v1", kind: "CronJob", name: given.cronjob, namespace });
  const place = { name: `${given.cronjob.slice(0, 40)}-${randomBytes(3).toString("hex")}`, namespace };
  const run = { release, job: place.name };
  if (cronjob === undefined) return { ...run, problem: `cronjob/${given.cronjob} does not exist in ${namespace}` };
  const ref = { apiVersion: "batch/v1", kind: "Job", ...place };
  const sentence = `a run of cronjob/${given.cronjob} was removed`;
  await context.journal.open({ undo: "remove-object", params: ref, sentence });
  const refused = await create(kube, jobObject(cronjob, place, { name: given.variable, value: release }));
  if (refused !== undefined) return { ...run, problem: `no job could be made of it: ${refused}` };
  const waited = await observe<JobEnd>(
    rt,
    async () => {
      const end = await jobEnd(kube, place);
      return typeof end === "string" ? { done: false, seen: end } : { done: true, value: end };
    },
    { withinMs: given.within, onLook: (seen) => context.progress(`${given.cronjob}: ${seen}`) },
  );
  if (!waited.ok) return { ...run, problem: `not over after ${given.within / 1000} s: ${waited.seen}` };
  const end = waited.value;
  const problem = endProblem(end, given) ?? (await effectProblem(context, given.proves, release, given.within));
  return problem === undefined ? { ...run, end } : { ...run, end, problem };
}

function endProblem({ failed, exit, account, log }: JobEnd, given: Params): string | undefined {
  const code = typeof exit === "number" ? `exit code ${exit}` : exit;
  if (failed) return `it failed (${code})${log === "" ? "" : `: ${log.replaceAll(/\s+/g, " ")}`}`;
  if (given.account === undefined || given.account === account) return undefined;
  return `it ran as service account ${account}, not ${given.account}`;
}

/** Runs the learner's own pipeline, and looks at what it did. */
export const job = defineAction({
  name: "job",
  summary: "Run a CronJob of the learner once or more, each time with a release that is seen in what it deploys",
  needs: ["cluster"],
  params,
  async run(given, context) {
    const values = new Map(given.releases.map((name) => [name, `r-${randomBytes(4).toString("hex")}`]));
    const runs: Run[] = [];
    for (const [index, name] of given.releases.entries()) {
      const run = await runOnce(given, context, values.get(name) ?? "");
      runs.push(run);
      if (run.problem === undefined) continue;
      const which = given.releases.length === 1 ? "" : `run ${index + 1} of ${given.releases.length}: `;
      return { finished: false, detail: `${which}${run.problem}`, data: { runs } };
    }
    const carried = runs.map(({ release }) => release).join(", then ");
    const where = `${workloadText(given.proves.workload)} in ${given.proves.namespace}`;
    return { finished: true, detail: `${where} carried ${carried}`, data: { runs } };
  },
});

/** How a Job ended. */
export interface JobEnd {
  readonly failed: boolean;
  /** Exit code of its last pod, or how that stands; "no pod" where none was made. */
  readonly exit: number | string;
  /** Service account of its last pod. */
  readonly account: string;
  /** The last lines that it wrote. */
  readonly log: string;
}

interface Place {
  readonly name: string;
  readonly namespace: string;
}

const LINES = 5;

const jobShape = z.looseObject({
  status: z
    .looseObject({ conditions: z.array(z.looseObject({ type: z.string(), status: z.string() })).default([]) })
    .prefault({}),
});

const podShape = z.looseObject({
  spec: z.looseObject({
    serviceAccountName: z.string().default("default"),
    containers: z.array(z.looseObject({ name: z.string() })).min(1),
  }),
});

function isTrue(object: KubeObject, type: string): boolean {
  return jobShape.parse(object).status.conditions.some((one) => one.type === type && one.status === "True");
}

async function lastPod(kube: Kube, { name, namespace }: Place): Promise<KubeObject | undefined> {
  const labelSelector = `batch.kubernetes.io/job-name=${name}`;
  const pods = await kube.list({ apiVersion: "v1", kind: "Pod", namespace, labelSelector });
  const times = pods.map((pod) => pod.metadata.creationTimestamp ?? "").toSorted();
  return pods.findLast((pod) => (pod.metadata.creationTimestamp ?? "") === times.at(-1));
}

/** The end of what its pod wrote; "" where there is nothing to read, as before its container has started. */
async function lastLines(kube: Kube, pod: KubeObject): Promise<string> {
  const { namespace = "", name } = pod.metadata;
  const [first] = podShape.parse(pod).spec.containers;
  try {
    const container = first === undefined ? {} : { container: first.name };
    return (await kube.logs({ namespace, pod: name, ...container, tailLines: LINES })).trim();
  } catch (error) {
    if (error instanceof KubeError && error.status !== undefined && error.status < 500) return "";
    throw error;
  }
}

/** How a Job ended; while it runs, a sentence on how it stands. */
export async function jobEnd(kube: Kube, place: Place): Promise<JobEnd | string> {
  const found = await kube.get({ apiVersion: "batch/v1", kind: "Job", ...place });
  if (found === undefined) return `job/${place.name} is gone`;
  const failed = isTrue(found, "Failed");
  const over = failed || isTrue(found, "Complete");
  const pod = await lastPod(kube, place);
  if (pod === undefined) {
    return over ? { failed, exit: "no pod", account: "", log: "" } : `job/${place.name} has no pod`;
  }
  const exit = podEnd(pod);
  if (!over) return `pod/${pod.metadata.name}: ${typeof exit === "number" ? `exit code ${exit}` : exit}`;
  const { serviceAccountName } = podShape.parse(pod).spec;
  return { failed, exit, account: serviceAccountName, log: await lastLines(kube, pod) };
}
