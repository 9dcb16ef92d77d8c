import { join } from "node:path";
import { environmentError } from "../lib/errors.ts";
import { takeLock } from "../lib/lock.ts";
import type { Runtime } from "../runtime.ts";
import { ensureOwnHome } from "./own-home.ts";

/** Runs a command that changes the session; one at a time per home. Exit 3 when another one is at work, 2 when the home is no folder of ours. */
export async function withSessionLock<T>(rt: Runtime, what: string, work: () => Promise<T>): Promise<T> {
  await ensureOwnHome(rt);
  const taken = await takeLock(join(rt.paths.home, "lock"), { pid: rt.host.pid, what });
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
