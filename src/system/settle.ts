import type { ProgressScope, Scope } from "./scope.ts";
import { clusterClock } from "../kube/cluster-clock.ts";
import { type TargetRef, targetText, targetWorkload } from "../lab/target.ts";
import { type WorkloadRef, workloadText } from "../lab/workload.ts";
import { type Waited, observe } from "../lib/poll.ts";
import { type Member, memberText } from "./member.ts";
import { targetMembers, workloadMembers } from "./members.ts";
import { clusterOf, hasCluster, hasContainers } from "../sandbox/capabilities.ts";
import { rollout, workloadState, type WorkloadState } from "../kube/workload.ts";
import { getWorkload } from "./workload.ts";

const HOLD_MS = 5000;
const WITHIN_MS = 60_000;
const LATE_MS = 120_000;

type Where = Pick<Scope, "sandbox" | "namespace">;

/** How a workload stands: who is in it, and why it is not as it wants to be (undefined: it is). */
export interface Standing {
  readonly members: readonly Member[];
  readonly problem?: string;
}

function judge(name: string, members: readonly Member[], desired: number): Standing {
  const off = members.filter((member) => member.terminating || !member.ready);
  if (desired === 0) return { members, problem: `${name} wants 0 pods` };
  if (off.length > 0) return { members, problem: off.slice(0, 3).map(memberText).join("; ") };
  if (members.length !== desired) return { members, problem: `${name} has ${members.length} of ${desired} pods` };
  return { members };
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
export async function workloadStanding(where: Where, ref: WorkloadRef): Promise<Standing> {
  const name = workloadText(ref);
  if (hasContainers(where.sandbox)) {
    const members = await workloadMembers(where, ref);
    return members.length === 0 ? { members, problem: `${name} does not exist` } : judge(name, members, 1);
  }
  const object = await getWorkload(clusterOf(where.sandbox).kube, ref, where.namespace);
  if (object === undefined) return { members: [], problem: `${name} does not exist` };
  const members = await workloadMembers(where, ref);
  const state = workloadState(object);
  const standing = judge(name, members, state.desired);
  return standing.problem === undefined ? { members, ...rolloutProblem(name, state) } : standing;
}

async function targetStanding(where: Where, ref: TargetRef): Promise<Standing> {
  const workload = targetWorkload(ref);
  if (workload !== undefined) return workloadStanding(where, workload);
  const members = await targetMembers(where, ref);
  return judge(targetText(ref), members, Math.max(members.length, 1));
}

type Settling = Pick<ProgressScope, "sandbox" | "namespace" | "rt" | "progress">;

/** Undefined once everything named has been ready for 5 s; else what was in the way when 60 s were over. Also when the last liveness probe begins, by the cluster's clock. */
async function calmDown(
  context: Settling,
  refs: readonly TargetRef[],
): Promise<{ readonly problem: string | undefined; readonly livenessFrom: number }> {
  const { clock } = context.rt;
  let livenessFrom = 0;
  let calm: { readonly print: string; readonly since: number } | undefined;
  const waited = await observe(
    context.rt,
    async () => {
      const standings = await Promise.all(refs.map((ref) => targetStanding(context, ref)));
      const problems = standings.flatMap((standing) => standing.problem ?? []);
      if (problems.length > 0) {
        calm = undefined;
        return { done: false, seen: problems.join("; ") };
      }
      const members = standings.flatMap((standing) => standing.members);
      livenessFrom = Math.max(0, ...members.map((member) => member.livenessFrom ?? 0));
      const print = members.map((member) => `${member.uid} ${member.incarnation}`).join("\n");
      // A restart between two looks starts the time again.
      if (calm?.print !== print) calm = { print, since: clock.elapsed() };
      const calmMs = clock.elapsed() - calm.since;
      if (calmMs >= HOLD_MS) return { done: true, value: undefined };
      return { done: false, seen: `all ready, but only for ${Math.floor(calmMs / 1000)} of 5 s` };
    },
    { withinMs: WITHIN_MS, onLook: (seen) => context.progress(`settling: ${seen}`) },
  );
  return { problem: waited.ok ? undefined : waited.seen, livenessFrom };
}

/**
 * Waits until everything named is ready and stays so, without a restart, for 5 s, and all its liveness probes have begun: what is late shows
 * nothing about how a system behaves on any other day. Undefined once it is so; else what was in the way when 60 s were over. Probes that begin
 * later than in 2 minutes are not waited for.
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
      const { members, problem } = await workloadStanding(context, ref);
      if (problem !== undefined) return { done: false, seen: problem };
      const left = members.filter((member) => old.has(member.uid));
      if (left.length > 0) return { done: false, seen: `${left.length} old pods are still there` };
      return { done: true, value: members };
    },
    { withinMs, onLook: (seen) => context.progress(`rolling ${workloadText(ref)}: ${seen}`) },
  );
}
