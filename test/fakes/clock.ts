import type { Clock } from "../../src/runtime.ts";
import { interruptedError } from "../../src/errors.ts";

interface Sleeper {
  readonly at: number;
  wake(): void;
}

/**
 * Time that passes only by sleeping. Sleepers wake in the order of their times, one after the other, each once all that the one before could
 * do without sleeping is done; so work that runs side by side sees one common time.
 */
export function fakeClock(start = Date.parse("2026-01-01T00:00:00Z")): Clock & { advance(ms: number): void } {
  let now = start;
  let ticking = false;
  const sleepers: Sleeper[] = [];

  function tick(): void {
    ticking = false;
    sleepers.sort((a, b) => a.at - b.at);
    const next = sleepers.shift();
    if (next === undefined) return;
    now = Math.max(now, next.at);
    next.wake();
    schedule();
  }

  function schedule(): void {
    if (ticking || sleepers.length === 0) return;
    ticking = true;
    setImmediate(tick);
  }

  return {
    now: () => now,
    advance(ms) {
      now += ms;
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
          at: now + ms,
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
