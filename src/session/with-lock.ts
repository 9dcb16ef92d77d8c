import { join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import { type LockOwner, lockOwner, takeLock } from "../lib/lock.ts";
import type { Runtime } from "../runtime.ts";
import { ensureOwnHome } from "./own-home.ts";

function lockFile(rt: Runtime): string {
  return join(rt.paths.home, "lock");
}

/** Who changes the session of this home now, this process or another; undefined when nobody does. */
export async function whoIsAtWork(rt: Runtime): Promise<LockOwner | undefined> {
  return lockOwner(lockFile(rt));
}

/** Runs a command that changes the session; one at a time per home. Exit 3 when another one is at work, 2 when the home is no folder of ours. */
export async function withSessionLock<T>(rt: Runtime, what: string, work: () => Promise<T>): Promise<T> {
  await ensureOwnHome(rt);
  const taken = await takeLock(lockFile(rt), { pid: rt.host.pid, what });
  if ("owner" in taken) {
    throw environmentError(`labs ${taken.owner.what} is at work already (process ${taken.owner.pid})`, {
      cure: `wait until it has ended, then ${rt.program} status`,
    });
  }
  try {
    return await work();
  } finally {
    await taken.release();
  }
}
