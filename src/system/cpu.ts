import type { Scope } from "./scope.ts";
import { z } from "zod";
import type { ContainerState } from "../docker/docker.ts";
import { hold } from "../lib/poll.ts";
import type { KubeObject } from "../kube/kube.ts";
import { type TargetRef, targetText } from "../lab/target.ts";
import { type WorkloadRef, workloadText } from "../lab/workload.ts";
import { environmentError } from "../lib/errors.ts";
import { at, countAt, listAt } from "../lib/fields.ts";
import { parseQuantity } from "../lib/units.ts";
import { callAdmin } from "./admin.ts";
import type { Member } from "./member.ts";
import { targetMembers, workloadMembers } from "./members.ts";
import type { CpuReading, CpuWindow } from "./record.ts";

type Where = Pick<Scope, "sandbox" | "session" | "namespace">;

const snapshot = z.looseObject({
  cpu: z.looseObject({
    quotaMicros: z.number(),
    periodMicros: z.number(),
    nrPeriods: z.number(),
    nrThrottled: z.number(),
    throttledMicros: z.number(),
    usageMicros: z.number(),
  }),
  hostIdleMicros: z.number(),
  gomaxprocs: z.number(),
  numCPU: z.number(),
  at: z.string(),
});

/** Reads the CPU counters of one container, through its admin port. */
export async function readCpu(where: Where, member: Member): Promise<CpuReading> {
  const reading = await callAdmin(where, member, "GET", "/admin/cgroup", snapshot);
  const { cpu, hostIdleMicros, gomaxprocs, numCPU } = reading;
  const { quotaMicros, periodMicros, nrPeriods, nrThrottled, throttledMicros, usageMicros } = cpu;
  const counters = { quotaMicros, periodMicros, nrPeriods, nrThrottled, throttledMicros, usageMicros };
  return { at: Date.parse(reading.at), ...counters, hostIdleMicros, gomaxprocs, numCpu: numCPU };
}

/** The windows that could be measured, and the members whose counters began anew in between. */
export interface CpuWindows {
  readonly windows: readonly CpuWindow[];
  readonly lost: readonly string[];
}

/** Reads the counters of everything behind a target; the returned function reads them again and makes the windows. */
export async function openCpuWindows(where: Where, ref: TargetRef): Promise<() => Promise<CpuWindows>> {
  const members = (await targetMembers(where, ref)).filter((member) => member.instrumented && member.ready);
  const before = await Promise.all(members.map((member) => readCpu(where, member)));
  return async () => {
    const now = await targetMembers(where, ref);
    const windows: CpuWindow[] = [];
    const lost: string[] = [];
    for (const [index, member] of members.entries()) {
      const first = before[index];
      const same = now.some((other) => other.uid === member.uid && other.incarnation === member.incarnation);
      if (first === undefined || !same) lost.push(`${targetText(ref)} ${member.name}`);
      else windows.push({ target: member.name, before: first, after: await readCpu(where, member) });
    }
    return { windows, lost };
  };
}

/** What happened in a window. A container without quota has no periods and cannot be throttled. */
export interface CpuDelta {
  readonly target: string;
  readonly periods: number;
  readonly throttled: number;
  readonly ratio: number;
  /**
   * Time its threads were stopped, as a share of the time of the periods; several CPUs add up. Periods alone mislead: one that lost its last
   * millisecond counts as much as one that lost half, and a single busy thread under a limit of one CPU has many of the former.
   */
  readonly heldBack: number;
  readonly limited: boolean;
}

/** The difference between both ends of a window. */
export function cpuDelta({ target, before, after }: CpuWindow): CpuDelta {
  const periods = after.nrPeriods - before.nrPeriods;
  const throttled = after.nrThrottled - before.nrThrottled;
  const limited = before.quotaMicros > 0 || after.quotaMicros > 0;
  const heldMicros = after.throttledMicros - before.throttledMicros;
  const ratio = periods > 0 ? throttled / periods : 0;
  const heldBack = periods > 0 ? heldMicros / (periods * after.periodMicros) : 0;
  return { target, periods, throttled, ratio, heldBack, limited };
}

/** CPUs that a process may use at once: those of its limit, and no more than it sees; part of one counts as that part. */
export function allowedCpus({ quotaMicros, periodMicros, numCpu }: CpuReading): number {
  return Math.min(quotaMicros > 0 ? quotaMicros / periodMicros : numCpu, numCpu);
}

/** CPUs that the rest of the host left over a window, used by this container or by nobody; undefined where the host does not show it. */
export function leftCpus({ before, after }: CpuWindow): number | undefined {
  const elapsedMicros = (after.at - before.at) * 1000;
  if (elapsedMicros <= 0 || before.hostIdleMicros < 0 || after.hostIdleMicros < 0) return undefined;
  const idle = after.hostIdleMicros - before.hostIdleMicros;
  return (idle + after.usageMicros - before.usageMicros) / elapsedMicros;
}

/** A quota shows only where a container could get clearly more than it; with this much more, threads without bound wait a fifth of their time. */
const BEYOND_QUOTA = 1.25;

/**
 * Whether a quota would have shown over a window. On a host that had no CPU to give beyond it, nothing is ever held back, whatever the number
 * of threads. A quota of all CPUs never holds anything back, on any host.
 */
export function quotaShows(window: CpuWindow): boolean {
  const left = leftCpus(window);
  const { quotaMicros, periodMicros, numCpu } = window.after;
  if (left === undefined || quotaMicros <= 0 || quotaMicros >= numCpu * periodMicros) return true;
  return left >= Math.min((quotaMicros / periodMicros) * BEYOND_QUOTA, numCpu * 0.75);
}

/** CPUs that its threads can use of those. */
export function usableCpus(reading: CpuReading): number {
  return Math.min(allowedCpus(reading), reading.gomaxprocs);
}

function cpuOf(holder: unknown): number | undefined {
  return parseQuantity(at(holder, "resources", "requests", "cpu"));
}

/** CPU that is set aside for a pod, in millicores: its own request where it has one, else those of its containers; 0 without any. */
export function requestedMillis(pod: KubeObject): number {
  const containers = listAt(pod, "spec", "containers").reduce<number>((sum, one) => sum + (cpuOf(one) ?? 0), 0);
  return Math.round((cpuOf(at(pod, "spec")) ?? containers) * 1000);
}

/**
 * A container with the CPU limit that is in force. After `docker update --cpu-quota -1` inspect still tells the old number of CPUs, and after a
 * later `--cpus` it still tells the quota of -1: then only the kernel knows, and the container is asked.
 */
export async function withLimitInForce(
  context: Pick<Scope, "sandbox" | "session" | "namespace">,
  short: string,
  state: ContainerState,
): Promise<ContainerState> {
  if (state.nanoCpus === 0 || countAt(state.raw, "HostConfig", "CpuQuota") >= 0) return state;
  const [member] = await workloadMembers(context, { kind: "container", name: short });
  if (member === undefined) throw environmentError(`container ${short} is gone`);
  const { quotaMicros, periodMicros } = await readCpu(context, member);
  return { ...state, nanoCpus: quotaMicros > 0 ? Math.round((quotaMicros / periodMicros) * 1e9) : 0 };
}

/** Reads the CPU counters of a workload's ready pods (or a container) at both ends of a window; a sentence where there are none. */
export async function measureCpu(
  context: Scope,
  ref: WorkloadRef,
  windowMs: number,
): Promise<readonly CpuWindow[] | string> {
  const measure = await openCpuWindows(context, ref);
  await hold(context.rt, windowMs);
  const { windows, lost } = await measure();
  if (windows.length > 0) return windows;
  return lost.length > 0 ? `${lost.join(", ")} restarted meanwhile` : `nothing of ${workloadText(ref)} is ready`;
}
