import { z } from "zod";
import type { RunRecord } from "../../system/record.ts";
import { workloadText } from "../../lab/workload.ts";
import { boundsText, isWithin } from "../../lib/compare.ts";
import { ago, span } from "../../lib/text.ts";
import { duration } from "../../lib/units.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type CheckContext, type Observation, defineCheck, joined, verdict } from "../check.ts";
import { hasOneTarget, lookAtPods, podTarget, targetPods, targetText } from "../../system/target.ts";
import { lastEnd, restartsOf } from "../../system/pod.ts";
import { dockerOf, kubeOf } from "../../system/objects.ts";
import { type PodLife, podLives, recordedName } from "../recorded.ts";
import { hasCluster } from "../../sandbox/capabilities.ts";

const params = z
  .strictObject({
    ...podTarget,
    of: z
      .enum(["targets", "others", "all"])
      .optional()
      .describe("Of an experiment: the pods acted on, the others, all"),
    atLeast: z.number().int().min(0).optional(),
    atMost: z.number().int().min(0).optional(),
    within: duration.optional().describe("Of an experiment: measured from the start of its actions"),
    match: z.enum(["every", "any"]).default("every").describe("Looking: which pods must comply"),
  })
  .refine((given) => given.atLeast !== undefined || given.atMost !== undefined, "give atLeast, atMost or both")
  .refine((given) => given.of !== undefined || hasOneTarget(given), "give a workload or selector, or of");

/** What `restarts` parses. */
export type RestartsParams = z.infer<typeof params>;

/** Restarts: as counted now (a symptom), or during an experiment. */
export const restarts = defineCheck<RestartsParams>({
  name: "restarts",
  summary: "How often pods or containers restarted: in all, or during an experiment and its targets or the others",
  reads: ["sandbox", "record"],
  needs: [],
  racy: false,
  params,
  run: async (given, context) =>
    context.record === undefined ? liveRestarts(given, context) : recordedRestarts(given, context, context.record),
});

interface Counted {
  readonly name: string;
  readonly restarts: number;
  readonly detail: string;
}

async function countContainer(context: CheckContext, short: string): Promise<Counted[] | string> {
  const sandbox = dockerOf(context);
  const state = await sandbox.docker.inspect(containerName(sandbox, short));
  if (state === undefined) return `no container ${short}`;
  return [
    {
      name: `container/${short}`,
      restarts: state.restartCount,
      detail: `${state.status}, last exit ${state.exitCode}`,
    },
  ];
}

async function countPods(given: RestartsParams, context: CheckContext): Promise<Counted[] | string> {
  const pods = await targetPods(context, given);
  if (typeof pods === "string") return pods;
  const now = await kubeOf(context).time();
  return pods.map((pod) => {
    const end = lastEnd(pod);
    const detail = end === undefined ? "" : `last end ${end.text} ${ago(end.finishedAt, now)}`.trimEnd();
    return { name: `pod/${pod.metadata.name}`, restarts: restartsOf(pod), detail };
  });
}

/** Restart counters as they are now; meant for symptoms, because counters never go back. */
export async function liveRestarts(given: RestartsParams, context: CheckContext): Promise<Observation> {
  const inDocker = given.workload?.kind === "container";
  const counted = await (inDocker ? countContainer(context, given.workload?.name ?? "") : countPods(given, context));
  const expected = `${given.match} of ${targetText(given)} restarted ${boundsText(given)} times`;
  const lookAt = inDocker
    ? `docker inspect ${containerName(context.sandbox, given.workload?.name ?? "")}`
    : lookAtPods(context, given);
  if (typeof counted === "string") return verdict(false, expected, counted, { lookAt });
  if (counted.length === 0) return verdict(false, expected, "no pods", { lookAt });
  const good = counted.filter((one) => isWithin(one.restarts, given));
  const passed = given.match === "any" ? good.length > 0 : good.length === counted.length;
  const telling = passed || given.match === "any" ? counted : counted.filter((one) => !good.includes(one));
  const told = telling.map((one) => `${one.name} ${one.restarts} restarts${one.detail && ` (${one.detail})`}`);
  return verdict(passed, expected, joined(told), { lookAt });
}

interface Delta {
  readonly life: PodLife;
  readonly count: number;
  /** When the first restart was seen, from the start of the actions. */
  readonly afterMs: number | undefined;
  readonly end: string;
}

function delta(life: PodLife, from: number, until: number): Delta {
  const inTime = life.seen.filter((pod) => pod.at <= until);
  const first = inTime.find((pod) => pod.restarts > life.before);
  const last = inTime.at(-1);
  return {
    life,
    count: Math.max(0, (last?.restarts ?? life.before) - life.before),
    afterMs: first === undefined ? undefined : first.at - from,
    end: last?.lastEnd ?? "",
  };
}

/** The pods a check is about, without their successors' fates mixed in. */
function scope(given: RestartsParams, record: RunRecord): PodLife[] {
  // Looks count current pods only; records those that were so when the actions began, or came later.
  const lives = podLives(record).filter((life) => !life.outdated);
  const name = given.workload === undefined ? undefined : recordedName(given.workload);
  const ofTargets = new Set(lives.filter((life) => life.target).map((life) => life.workload));
  return lives.filter((life) =>
    name === undefined ? ofTargets.size === 0 || ofTargets.has(life.workload) : life.workload === name,
  );
}

/**
 * Pods that went away and were replaced although nobody acted on them: as many as came newly, less those that stand in for targets. A
 * workload that is killed instead of restarted has not stayed up either.
 */
function replaced(lives: readonly PodLife[]): number {
  const gone = lives.filter((life) => life.fromStart && life.left && !life.target).length;
  const goneTargets = lives.filter((life) => life.target && life.left).length;
  const come = lives.filter((life) => !life.fromStart).length;
  return Math.max(0, Math.min(gone, come - goneTargets));
}

function deltaText({ life, count, afterMs, end }: Delta): string {
  const when = afterMs === undefined ? "" : `, the first after ${span(afterMs)}`;
  return `${life.name} ${count} restarts${when}${count > 0 && end !== "" ? `, last end ${end}` : ""}`;
}

/** Restarts between the start of an experiment's actions and its end (or the given time after the start). */
export function recordedRestarts(given: RestartsParams, context: CheckContext, record: RunRecord): Observation {
  const of = given.of ?? "all";
  const lives = scope(given, record);
  const inScope = lives.filter((life) => (of === "all" ? true : of === "targets" ? life.target : !life.target));
  const until = given.within === undefined ? record.endedAt : record.doStartedAt + given.within;
  const deltas = inScope.map((life) => delta(life, record.doStartedAt, until));
  const what = given.workload === undefined ? "pods" : workloadText(given.workload);
  const who =
    of === "all" ? `all of ${what}` : of === "targets" ? `the targets among ${what}` : `${what}, targets aside,`;
  const time = given.within === undefined ? "during the experiment" : `within ${span(given.within)}`;
  const expected = `${who} restart ${boundsText(given)} times ${time}`;
  const lookAt = hasCluster(context.sandbox) ? `kubectl -n ${context.namespace} get pods` : "docker ps -a";
  const there = deltas.filter(({ life }) => life.fromStart);
  if (there.length === 0) return verdict(false, expected, "no such pods when the experiment began", { lookAt });
  const lost = of === "targets" ? 0 : replaced(lives);
  // Pods that came later have no share in "at least": they were not there to be hit.
  const tooFew = there.filter(({ count }) => count < (given.atLeast ?? 0));
  const tooMany = deltas.filter(({ count }) => count > (given.atMost ?? Infinity));
  const tooManyLost = lost > (given.atMost ?? Infinity);
  const passed = tooFew.length === 0 && tooMany.length === 0 && !tooManyLost;
  const telling = passed ? there : [...tooMany, ...tooFew];
  const parts = [...telling.map(deltaText), ...(lost > 0 ? [`${lost} pods were replaced by new ones`] : [])];
  return verdict(passed, expected, joined(parts), { lookAt });
}
