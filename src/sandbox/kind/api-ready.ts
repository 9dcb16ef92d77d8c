import type { Kube } from "../../kube/kube.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";

/** True once the API server is up and lets us in; false when that takes longer than `withinMs`. */
export async function apiReady(rt: Runtime, kube: Kube, withinMs: number): Promise<boolean> {
  const up = await poll(
    async () => ((await kube.ready(2000)) ? { done: true, value: true } : { done: false, seen: "not ready" }),
    { clock: rt.clock, signal: rt.signal, withinMs, everyMs: 100 },
  );
  return up.ok;
}
