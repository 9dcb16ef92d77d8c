import { join } from "node:path";
import { takeLock } from "../lib/lock.ts";
import { environmentError } from "../lib/errors.ts";
import { observe } from "../lib/poll.ts";
import type { Runtime } from "../runtime.ts";

/** Longer than any experiment may take; behind it something hangs. */
const WITHIN_MS = 15 * 60_000;

/**
 * Runs `work` while no other experiment on this machine measures time or CPU. The lock lies in the data folder, which all homes of a user
 * share; one whose owner is gone is taken over.
 */
export async function withMachineLock<T>(
  rt: Pick<Runtime, "paths" | "clock" | "signal" | "host">,
  note: (text: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  const file = join(rt.paths.data, "measurement.lock");
  const taken = await observe(
    rt,
    async () => {
      const lock = await takeLock(file, { pid: rt.host.pid, what: "a measurement" });
      if ("release" in lock) return { done: true, value: lock.release };
      return { done: false, seen: `waiting for another measurement (pid ${lock.owner.pid})` };
    },
    { withinMs: WITHIN_MS, onLook: note },
  );
  if (!taken.ok)
    throw environmentError(`gave up ${taken.seen}`, { cure: `remove ${file} if that process is none of ours` });
  try {
    return await work();
  } finally {
    await taken.value();
  }
}
