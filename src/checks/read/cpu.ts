import { z } from "zod";
import type { CpuReading, CpuWindow } from "../../experiments/record.ts";
import { environmentError } from "../../errors.ts";

const snapshot = z.looseObject({
  cpu: z.looseObject({
    quotaMicros: z.number(),
    periodMicros: z.number(),
    nrPeriods: z.number(),
    nrThrottled: z.number(),
    throttledMicros: z.number(),
    usageMicros: z.number(),
  }),
  gomaxprocs: z.number(),
});

/** Reads the counters that go-app prints of its own container. */
export function parseCpu(text: string, at: number, from: string): CpuReading {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw environmentError(`${from} sent CPU counters that are not JSON: ${text.slice(0, 100)}`, { cause: error });
  }
  const { cpu, gomaxprocs } = snapshot.parse(json);
  const { quotaMicros, periodMicros, nrPeriods, nrThrottled, throttledMicros, usageMicros } = cpu;
  return { at, quotaMicros, periodMicros, nrPeriods, nrThrottled, throttledMicros, usageMicros, gomaxprocs };
}

/** What happened in a window. A container without quota has no periods and cannot be throttled. */
export interface CpuDelta {
  readonly target: string;
  readonly periods: number;
  readonly throttled: number;
  readonly ratio: number;
  readonly limited: boolean;
}

/** The difference between both ends of a window. */
export function cpuDelta({ target, before, after }: CpuWindow): CpuDelta {
  const periods = after.nrPeriods - before.nrPeriods;
  const throttled = after.nrThrottled - before.nrThrottled;
  const limited = before.quotaMicros > 0 || after.quotaMicros > 0;
  return { target, periods, throttled, ratio: periods > 0 ? throttled / periods : 0, limited };
}
