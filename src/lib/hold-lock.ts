import { environmentError } from "./errors.ts";
import { type LockOwner, takeLock } from "./lock.ts";
import { observe, type Waiting } from "./poll.ts";

/** How long to wait for a lock that somebody else holds, and what is said meanwhile. */
export interface LockWait {
  readonly withinMs: number;
  /** Milliseconds between two tries; 500 where it is left out. */
  readonly everyMs?: number;
  /** Names what we wait for; told to `onLook` at each look. */
  readonly seen: (owner: LockOwner) => string;
  readonly onLook?: (seen: string) => void;
  /** Begins the error when time is up; what was seen last follows. */
  readonly gaveUp: string;
  /** The cure that the error names. */
  readonly cure?: string;
}

/** Runs `work` while it holds a lock file, for which it waits; throws a LabsError (exit 3) when somebody else holds it for longer than `withinMs`. */
export async function holdLock<T>(
  rt: Waiting,
  file: string,
  mine: { readonly pid: number; readonly what: string },
  { seen, gaveUp, cure, ...wait }: LockWait,
  work: () => Promise<T>,
): Promise<T> {
  const taken = await observe(
    rt,
    async () => {
      const lock = await takeLock(file, mine);
      return "release" in lock ? { done: true, value: lock.release } : { done: false, seen: seen(lock.owner) };
    },
    wait,
  );
  if (!taken.ok) throw environmentError(`${gaveUp} ${taken.seen}`, cure === undefined ? {} : { cure });
  try {
    return await work();
  } finally {
    await taken.value();
  }
}
