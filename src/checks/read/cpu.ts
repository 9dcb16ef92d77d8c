import type { CpuReading, CpuWindow } from "../../experiments/record.ts";

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
