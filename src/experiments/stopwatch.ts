import type { Clock } from "../runtime.ts";

/** Adds up how long several pieces of work took. */
export interface Stopwatch {
  /** Does the work and counts its time, also when it throws. */
  time<T>(work: () => Promise<T>): Promise<T>;
  /** The sum so far. */
  ms(): number;
}

/** A stopwatch that stands at 0. */
export function createStopwatch(time: Pick<Clock, "elapsed">): Stopwatch {
  let sum = 0;
  return {
    async time(work) {
      const start = time.elapsed();
      try {
        return await work();
      } finally {
        sum += time.elapsed() - start;
      }
    },
    ms: () => sum,
  };
}
