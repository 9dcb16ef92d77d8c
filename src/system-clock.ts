import { interruptedError } from "./errors.ts";
import type { Clock } from "./runtime.ts";

/** The real clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((done, failed) => {
      if (signal.aborted) {
        failed(interruptedError());
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        failed(interruptedError());
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", onAbort);
        done();
      }, ms);
      signal.addEventListener("abort", onAbort, { once: true });
    }),
};
