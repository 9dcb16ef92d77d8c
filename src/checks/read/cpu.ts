import type { CpuWindow } from "../../experiments/record.ts";

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
