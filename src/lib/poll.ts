import type { Clock } from "./clock.ts";
import { interruptedError } from "./errors.ts";

/** Thrown inside a poll to stop it at once: waiting longer cannot help. */
export class PermanentError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "PermanentError";
  }
}

/** What one look saw: done with a value, or not yet with the observation that a failed wait reports. */
export type Look<T> = { readonly done: true; readonly value: T } | { readonly done: false; readonly seen: string };

/** The end of a wait: the value, or what was seen last when time was up. */
export type Waited<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly seen: string };

/** How long and how often to look, in milliseconds. */
export interface PollOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly withinMs: number;
  /** Default 500. */
  readonly everyMs?: number;
  /** Called with each observation that was not enough. */
  readonly onLook?: (seen: string) => void;
}

/**
 * The only wait loop. Looks at once, then every `everyMs` until `look` is done or `withinMs` is over.
 * An error thrown by `look` counts as "not yet", with its message as observation, unless it is a PermanentError.
 */
export async function poll<T>(look: () => Promise<Look<T>>, options: PollOptions): Promise<Waited<T>> {
  const { clock, signal } = options;
  const end = clock.elapsed() + options.withinMs;
  for (;;) {
    if (signal.aborted) throw interruptedError();
    let seen: string;
    try {
      const result = await look();
      if (result.done) return { ok: true, value: result.value };
      seen = result.seen;
    } catch (error) {
      if (error instanceof PermanentError || signal.aborted) throw error;
      seen = error instanceof Error ? error.message : String(error);
    }
    options.onLook?.(seen);
    const left = end - clock.elapsed();
    if (left <= 0) return { ok: false, seen };
    await clock.sleep(Math.min(options.everyMs ?? 500, left), signal);
  }
}

/** What every wait needs: the time, and what ends it early. */
export interface Waiting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Options of a wait inside an experiment. */
export type ObserveOptions = Pick<PollOptions, "withinMs" | "everyMs" | "onLook">;

/**
 * Waits like `poll`, but a wait whose last look failed throws that failure: what could not be seen is no observation, and must not be
 * reported as what the workload did.
 */
export async function observe<T>(
  rt: Waiting,
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
export async function hold(rt: Waiting, ms: number, onTick?: (elapsedMs: number) => void): Promise<void> {
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
