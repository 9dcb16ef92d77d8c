import type { RunRecord } from "../../experiments/record.ts";
import { workloadText } from "../../lab/workload.ts";
import { boundsText } from "../../lib/fields.ts";
import { span } from "../../lib/text.ts";
import { type CheckContext, type Observation, joined, verdict } from "../check.ts";
import { type PodLife, podLives, recordedName } from "../recorded.ts";
import type { RestartsParams } from "./restarts.ts";

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
  const lives = podLives(record);
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
  const lookAt = context.sandbox.provider === "kind" ? `kubectl -n ${context.namespace} get pods` : "docker ps -a";
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
