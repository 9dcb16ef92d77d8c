import { poll, type Look, type PollOptions, type Waited } from "../lib/poll.ts";
import type { Runtime } from "../runtime.ts";

/** Options of a wait inside an experiment. */
export type ObserveOptions = Pick<PollOptions, "withinMs" | "everyMs" | "onLook">;

/**
 * Waits like `poll`, but a wait whose last look failed throws that failure: what could not be seen is no observation, and must not be
 * reported as what the workload did.
 */
export async function observe<T>(
  rt: Pick<Runtime, "clock" | "signal">,
  look: () => Promise<Look<T>>,
  options: ObserveOptions,
): Promise<Waited<T>> {
  let failure: { readonly error: unknown } | undefined;
  const waited = await poll(
    async () => {
      try {
        const seen = await look();
        failure = undefined;
        return seen;
      } catch (error) {
        failure = { error };
        throw error;
      }
    },
    { ...options, clock: rt.clock, signal: rt.signal },
  );
  if (!waited.ok && failure !== undefined) throw failure.error;
  return waited;
}

/** Lets time pass; `onTick` is told each second how much of it is over. */
export async function hold(
  rt: Pick<Runtime, "clock" | "signal">,
  ms: number,
  onTick?: (elapsedMs: number) => void,
): Promise<void> {
  const start = rt.clock.elapsed();
  await observe(
    rt,
    () => {
      onTick?.(Math.min(rt.clock.elapsed() - start, ms));
      return Promise.resolve({ done: false, seen: "time has not passed" });
    },
    { withinMs: ms, everyMs: 1000 },
  );
}
