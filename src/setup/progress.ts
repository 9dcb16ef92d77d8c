import { poll } from "../lib/poll.ts";
import { span } from "../lib/text.ts";
import type { Runtime } from "../runtime.ts";

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
        `${at === "" ? "" : `${at}, `}${span(Math.round(elapsed / 1000) * 1000)} of about ${span(options.expectedSeconds * 1000)}`,
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
