import { environmentError } from "../../lib/errors.ts";
import { poll } from "../../lib/poll.ts";
import type { Runtime } from "../../runtime.ts";
import type { LoadAgent } from "../agent/load-agent.ts";

const READY_WITHIN_MS = 30_000;
/** Plain HTTP to the API server's own service: any status shows that DNS, service addresses and pod network work. */
const url = "http://kubernetes.default.svc.cluster.local:443/";

/** Waits until a pod reaches a service by its name. After a pause or a restart, what objects say about that is old. */
export async function networkReady(rt: Runtime, agent: LoadAgent): Promise<void> {
  const up = await poll(
    async () => {
      const answer = await agent.request({ url, timeoutMs: 1000 });
      return answer.status > 0 ? { done: true, value: true } : { done: false, seen: answer.error };
    },
    { clock: rt.clock, signal: rt.signal, withinMs: READY_WITHIN_MS, everyMs: 200 },
  );
  if (up.ok) return;
  throw environmentError(`pods reach no service within ${READY_WITHIN_MS / 1000} s: ${up.seen}`, {
    cure: `${rt.program} down, then start again`,
  });
}
