import { poll } from "../lib/poll.ts";
import type { Runtime } from "../runtime.ts";

/** A duration as people say it: "42 s", "3 min 5 s". */
export function spoken(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Runs long work and shows every second what it is at, how long it has taken and what a cold run takes. */
export async function withProgress<T>(
  rt: Runtime,
  work: Promise<T>,
  options: {
    readonly expectedSeconds: number;
    readonly now: () => string;
    readonly note: (text: string) => void;
    /** Ends the work early: called every second with the time it has taken. */
    readonly watch?: (elapsedMs: number) => void;
  },
): Promise<T> {
  const started = rt.clock.elapsed();
  const ticking = new AbortController();
  const watching = poll(
    async () => {
      const elapsed = rt.clock.elapsed() - started;
      options.watch?.(elapsed);
      const at = options.now();
      options.note(
        `${at === "" ? "" : `${at}, `}${spoken(elapsed)} of about ${spoken(options.expectedSeconds * 1000)}`,
      );
      return { done: false, seen: "at work" } as const;
    },
    { clock: rt.clock, signal: ticking.signal, withinMs: 24 * 3600_000, everyMs: 1000 },
  ).catch(() => undefined);
  try {
    return await work;
  } finally {
    ticking.abort();
    await watching;
  }
}
