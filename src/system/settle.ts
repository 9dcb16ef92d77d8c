import type { ProgressScope, Scope } from "./scope.ts";
import { clusterClock } from "../kube/cluster-clock.ts";
import { type TargetRef, targetText, targetWorkload } from "../lab/target.ts";
import { type WorkloadRef, workloadText } from "../lab/workload.ts";
import { PermanentError, type Waited, observe } from "../lib/poll.ts";
import { type Member, memberText } from "./member.ts";
import { targetMembers, workloadMembers } from "./members.ts";
import { clusterOf, hasCluster, hasContainers } from "../sandbox/capabilities.ts";
import { rollout, workloadState, type WorkloadState } from "../kube/workload.ts";
import { getWorkload } from "./workload.ts";

/** So long everything must have been ready, without a restart. */
const HOLD_MS = 5000;
/** So long what is not ready is waited for. */
const WITHIN_MS = 60_000;
/** The same for what had not settled before an earlier experiment of the same verify. */
const AGAIN_MS = 10_000;
/** So long after its last progress a workload is still waited for. */
const STEP_MS = 30_000;
/** The most that it waits, whatever the progress. */
const MOST_MS = 180_000;
/** Liveness probes that begin later than this are not waited for. */
const LATE_MS = 120_000;

type Where = Pick<Scope, "sandbox" | "namespace">;

/** Whether a workload is ready: its pods or container, and in `problem` why it is not; undefined where it is. */
export interface Readiness {
  readonly members: readonly Member[];
  readonly problem?: string;
  /** Grows while it comes up: pods that are ready, and those of its newest template. */
  readonly advance: number;
}

function judge(name: string, members: readonly Member[], desired: number, updated = 0): Readiness {
  const off = members.filter((member) => member.terminating || !member.ready);
  const readiness = { members, advance: members.length - off.length + updated };
  if (desired === 0) return { ...readiness, problem: `${name} wants 0 pods` };
  if (off.length > 0) return { ...readiness, problem: off.slice(0, 3).map(memberText).join("; ") };
  if (members.length !== desired) return { ...readiness, problem: `${name} has ${members.length} of ${desired} pods` };
  return readiness;
}

function missing(name: string): Readiness {
  return { members: [], advance: 0, problem: `${name} does not exist` };
}

function rolloutProblem(name: string, state: WorkloadState): { readonly problem?: string } {
  const { desired, updated, ready, available, replicas } = state;
  switch (rollout(state)) {
    case "whole":
      return {};
    case "unobserved":
      return { problem: `${name}: its newest spec has not been taken up yet` };
    case "short":
      if (updated < desired) return { problem: `${name}: ${updated} of ${desired} pods are of its newest template` };
      return { problem: `${name}: ${Math.min(ready, available)} of ${desired} pods count as available` };
    default:
      return { problem: `${name} has ${replicas} of ${desired} pods` };
  }
}

/** Whether all pods of a workload are of its newest template, ready, and none is leaving. */
export async function workloadReadiness(where: Where, ref: WorkloadRef): Promise<Readiness> {
  const name = workloadText(ref);
  if (hasContainers(where.sandbox)) {
    const members = await workloadMembers(where, ref);
    return members.length === 0 ? missing(name) : judge(name, members, 1);
  }
  const object = await getWorkload(clusterOf(where.sandbox).kube, ref, where.namespace);
  if (object === undefined) return missing(name);
  const members = await workloadMembers(where, ref);
  const state = workloadState(object);
  const readiness = judge(name, members, state.desired, state.updated);
  return readiness.problem === undefined ? { ...readiness, ...rolloutProblem(name, state) } : readiness;
}

async function targetReadiness(where: Where, ref: TargetRef): Promise<Readiness> {
  const workload = targetWorkload(ref);
  if (workload !== undefined) return workloadReadiness(where, workload);
  const members = await targetMembers(where, ref);
  return judge(targetText(ref), members, Math.max(members.length, 1));
}

type Settling = Pick<ProgressScope, "sandbox" | "namespace" | "rt" | "progress"> & {
  /** Targets that did not settle before, of all experiments of a verify; settling reads it and adds to it. */
  readonly unsettled?: Set<string>;
};

/** How settling went so far; times are the clock's `elapsed`. */
interface Course {
  readonly startedAt: number;
  /** The furthest that all have been together, and since when. */
  best: number;
  bestAt: number;
  calm: { readonly print: string; readonly since: number } | undefined;
}

/** When waiting for what is not ready ends: its time is over, and it has made no progress lately. */
function endsAt({ startedAt, bestAt }: Course, withinMs: number): number {
  return Math.min(Math.max(startedAt + withinMs, bestAt + STEP_MS), startedAt + MOST_MS);
}

/**
 * Undefined once everything named has been ready for 5 s; else what was in the way when 60 s were over and nothing came nearer to it in the last
 * 30 s. Throws where it still made progress after 3 minutes: that is no verdict on it. Also when the last liveness probe begins, by the cluster's
 * clock.
 */
async function calmDown(
  context: Settling,
  refs: readonly TargetRef[],
): Promise<{ readonly problem: string | undefined; readonly livenessFrom: number }> {
  const { clock } = context.rt;
  const { unsettled = new Set<string>() } = context;
  let livenessFrom = 0;
  const startedAt = clock.elapsed();
  const course: Course = { startedAt, best: -1, bestAt: startedAt - STEP_MS, calm: undefined };
  const look = async () => {
    const states = await Promise.all(refs.map((ref) => targetReadiness(context, ref)));
    const now = clock.elapsed();
    const advance = states.reduce((sum, readiness) => sum + readiness.advance, 0);
    if (advance > course.best) {
      // The first look only tells where it starts from.
      if (course.best >= 0) course.bestAt = now;
      course.best = advance;
    }
    const off = states.flatMap(({ problem }, index) => {
      const ref = refs[index];
      return problem === undefined || ref === undefined ? [] : [{ problem, name: targetText(ref) }];
    });
    if (off.length > 0) {
      course.calm = undefined;
      const seen = off.map(({ problem }) => problem).join("; ");
      const over = off.filter(({ name }) => now >= endsAt(course, unsettled.has(name) ? AGAIN_MS : WITHIN_MS));
      if (over.length === 0) return { done: false as const, seen };
      if (now - course.bestAt < STEP_MS) {
        const minutes = MOST_MS / 60_000;
        throw new PermanentError(`after ${minutes} minutes it is still coming up: ${seen}; wait, and verify again`);
      }
      for (const { name } of over) unsettled.add(name);
      return { done: true as const, value: seen };
    }
    const members = states.flatMap((readiness) => readiness.members);
    livenessFrom = Math.max(0, ...members.map((member) => member.livenessFrom ?? 0));
    const print = members.map((member) => `${member.uid} ${member.incarnation}`).join("\n");
    // A restart between two looks starts the time again.
    if (course.calm?.print !== print) course.calm = { print, since: now };
    const calmMs = now - course.calm.since;
    if (calmMs >= HOLD_MS) return { done: true as const, value: undefined };
    const seen = `all ready, but only for ${Math.floor(calmMs / 1000)} of 5 s`;
    // It restarts so often that it never holds for 5 s, though every look saw it ready.
    if (now >= endsAt(course, WITHIN_MS) + HOLD_MS) return { done: true as const, value: seen };
    return { done: false as const, seen };
  };
  const waited = await observe<string | undefined>(context.rt, look, {
    withinMs: MOST_MS + HOLD_MS,
    onLook: (seen) => context.progress(`settling: ${seen}`),
  });
  return { problem: waited.ok ? waited.value : waited.seen, livenessFrom };
}

/**
 * Waits until everything named is ready and stays so, without a restart, for 5 s, and all its liveness probes have begun: an experiment that
 * ran before them would miss the restarts that they cause. Undefined once it is so; else what was in the way when 60 s were over (10 s for what had
 * not settled before), and longer while it comes nearer. Probes that begin later than in 2 minutes are not waited for.
 */
export async function settle(context: Settling, refs: readonly TargetRef[]): Promise<string | undefined> {
  // What an experiment makes for itself has nothing to settle.
  if (refs.length === 0) return undefined;
  const first = await calmDown(context, refs);
  const { clock, signal } = context.rt;
  const { sandbox } = context;
  if (first.problem !== undefined || first.livenessFrom === 0 || !hasCluster(sandbox)) return first.problem;
  const lateMs = (await clusterClock(sandbox.kube, clock))(first.livenessFrom) - clock.elapsed();
  if (lateMs <= 0 || lateMs > LATE_MS) return undefined;
  context.progress(`settling: the last liveness probe begins in ${Math.ceil(lateMs / 1000)} s`);
  await clock.sleep(lateMs, signal);
  return (await calmDown(context, refs)).problem;
}

/** Waits until every pod of a workload is of its newest template and none of `old` (their uids) is left; its pods. */
export async function awaitRolled(
  context: ProgressScope,
  ref: WorkloadRef,
  old: ReadonlySet<string>,
  withinMs: number,
): Promise<Waited<readonly Member[]>> {
  return observe(
    context.rt,
    async () => {
      const { members, problem } = await workloadReadiness(context, ref);
      if (problem !== undefined) return { done: false, seen: problem };
      const left = members.filter((member) => old.has(member.uid));
      if (left.length > 0) return { done: false, seen: `${left.length} old pods are still there` };
      return { done: true, value: members };
    },
    { withinMs, onLook: (seen) => context.progress(`rolling ${workloadText(ref)}: ${seen}`) },
  );
}
