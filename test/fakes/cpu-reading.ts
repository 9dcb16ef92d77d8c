import type { CpuReading } from "../../src/system/record.ts";

/** Counters that stand still: a quota of one CPU of two, and a host that does not show how busy it is. */
export function fakeReading(given: Partial<CpuReading> = {}): CpuReading {
  return {
    at: 0,
    quotaMicros: 100_000,
    periodMicros: 100_000,
    nrPeriods: 0,
    nrThrottled: 0,
    throttledMicros: 0,
    usageMicros: 0,
    hostIdleMicros: -1,
    gomaxprocs: 1,
    numCpu: 2,
    ...given,
  };
}
