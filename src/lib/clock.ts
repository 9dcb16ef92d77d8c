import { uptime } from "node:os";
import { interruptedError } from "./errors.ts";

/** Time, injected so that unit tests do not wait. All in milliseconds. */
export interface Clock {
  /** Since the epoch, for what is shown or stored. May jump: people and time servers set it. */
  now(): number;
  /** Since some moment, for waits and durations; whole. Never jumps; leaves out the time in which this program stood still. */
  elapsed(): number;
  /** For how long this program has stood still so far, as it was stopped or the machine slept. */
  lost(): number;
  /** Waits so many milliseconds of `elapsed`; rejects when aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

const BEAT_MS = 500;

/**
 * A beat that comes so much too late was not held up by a busy machine, on which every program has its turn many times a second: the program
 * had been stopped, or the machine slept. What is shorter than this is not worth a second measurement.
 */
const LATE_MS = 3000;

/** Node's timers take no longer time. */
const LONGEST_MS = 2 ** 31 - 1;

/** Where a clock reads the time, in milliseconds. */
export interface TimeSources {
  readonly wall: () => number;
  /** Never goes back. Linux leaves out the time in which the machine slept, macOS counts it. */
  readonly monotonic: () => number;
  /** Since the machine was started, with the time in which it slept. */
  readonly sinceBoot: () => number;
}

function sinceBoot(): number {
  try {
    return process.platform === "linux" ? uptime() * 1000 : performance.now();
  } catch {
    return performance.now();
  }
}

const systemSources: TimeSources = { wall: () => Date.now(), monotonic: () => performance.now(), sinceBoot };

/** A clock over these sources that looks at them twice a second for as long as the program runs, and so notices when it stood still. */
export function createClock({ wall, monotonic, sinceBoot: booted }: TimeSources): Omit<Clock, "sleep"> {
  let last: { readonly monotonic: number; readonly booted: number } | undefined;
  let leftOut = 0;
  let lost = 0;
  const look = (): number => {
    const now = { monotonic: monotonic(), booted: booted() };
    if (last === undefined) setInterval(look, BEAT_MS).unref();
    else {
      const late = now.monotonic - last.monotonic - BEAT_MS;
      const away = now.booted - last.booted - BEAT_MS;
      if (late > LATE_MS) leftOut += late;
      if (Math.max(late, away) > LATE_MS) lost += Math.max(late, away);
    }
    last = now;
    return now.monotonic - leftOut;
  };
  return {
    now: wall,
    // Durations go to programs that take whole milliseconds only.
    elapsed: () => Math.floor(look()),
    lost() {
      look();
      return lost;
    },
  };
}

const clock = createClock(systemSources);

/** Calls `done` once, after so many milliseconds of `elapsed`, unless the returned function is called before. */
export function startTimer(ms: number, done: () => void): () => void {
  const end = clock.elapsed() + ms;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    const left = end - clock.elapsed();
    timer = setTimeout(() => (clock.elapsed() >= end ? done() : wait()), Math.min(Math.max(left, 0), LONGEST_MS));
  };
  wait();
  return () => clearTimeout(timer);
}

/** The real clock. */
export const systemClock: Clock = {
  ...clock,
  sleep: (ms, signal) =>
    new Promise((done, failed) => {
      if (signal.aborted) {
        failed(interruptedError());
        return;
      }
      const onAbort = (): void => {
        stop();
        failed(interruptedError());
      };
      const stop = startTimer(ms, () => {
        signal.removeEventListener("abort", onAbort);
        done();
      });
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};

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
