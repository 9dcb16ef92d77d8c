import type { Clock } from "../../src/lib/clock.ts";
import { interruptedError } from "../../src/lib/errors.ts";

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/** A clock that tests set. */
export interface FakeClock extends Clock {
  /** Time passes while the program works. */
  advance(ms: number): void;
  /** Somebody sets the clock of this machine. */
  step(ms: number): void;
  /** The program stands still. */
  standStill(ms: number): void;
}

/**
 * Time that passes only by sleeping. Sleepers wake in the order of their times, one after the other, each once all that the one before could
 * do without sleeping is done; so work that runs side by side sees one common time.
 */
export function fakeClock(start = Date.parse("2026-01-01T00:00:00Z")): FakeClock {
  let elapsed = 0;
  let ahead = start;
  let lost = 0;
  let ticking = false;
  const sleepers: Sleeper[] = [];

  function tick(): void {
    ticking = false;
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    if (next === undefined) return;
    elapsed = Math.max(elapsed, next.at);
    next.wake();
    schedule();
  }

  function schedule(): void {
    if (ticking || sleepers.length === 0) return;
    ticking = true;
    setImmediate(tick);
  }

  return {
    now: () => ahead + elapsed,
    elapsed: () => elapsed,
    lost: () => lost,
    advance(ms) {
      elapsed += ms;
    },
    step(ms) {
      ahead += ms;
    },
    standStill(ms) {
      ahead += ms;
      lost += ms;
    },
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(interruptedError());
          return;
        }
        const stop = () => {
          sleepers.splice(sleepers.indexOf(sleeper), 1);
          reject(interruptedError());
        };
        const sleeper: Sleeper = {
          at: elapsed + ms,
          wake() {
            signal.removeEventListener("abort", stop);
            resolve();
          },
        };
        signal.addEventListener("abort", stop, { once: true });
        sleepers.push(sleeper);
        schedule();
      }),
  };
}
