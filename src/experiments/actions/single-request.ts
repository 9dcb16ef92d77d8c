import { randomBytes } from "node:crypto";
import { environmentError } from "../../lib/errors.ts";
import type { LoadAgent } from "../../sandbox/agent/load-agent.ts";
import type { ActionContext } from "../action.ts";
import { loadText } from "../load.ts";
import { observe } from "../../lib/poll.ts";

/** For so many ms the agent may begin requests, one at a time; what is under way then goes on. */
const ONE_MS = 1000;
/** A request without an answer counts as failed after so many ms. */
const ANSWER_MS = 60_000;

/** So many ms an answer may still be on its way after the container that sends it has ended. */
const LATE_MS = 3000;

/** How a request ended. */
export interface RequestEnd {
  readonly answered: boolean;
  readonly text: string;
}

/** One request under way. */
export interface SingleRequest {
  /** Call it when the container has ended: waits up to 3 s for the answer. Without one the request counts as not answered. */
  end(): Promise<RequestEnd>;
}

/** How the request ended. A container that is gone may leave its connections open for ever, so it waits 3 s and no longer. */
async function endOf(agent: LoadAgent, rt: ActionContext["rt"], id: string): Promise<RequestEnd> {
  const over = await observe<undefined>(
    rt,
    async () => {
      const { inflight } = await agent.read(id);
      return inflight === 0 ? { done: true, value: undefined } : { done: false, seen: "in flight" };
    },
    { withinMs: LATE_MS, everyMs: 200 },
  );
  // The agent ends it by itself, later.
  if (!over.ok) return { answered: false, text: "its request never ended" };
  const result = await agent.stop(id);
  return { answered: result.ok > 0 && result.failed === 0, text: `its request: ${loadText(result)}` };
}

/**
 * Sends one long request, whose answer must carry the service's proof, and returns once it is on its way. Throws (exit 3) when no request stays
 * in flight within 15 s.
 */
export async function sendSingleRequest(
  { sandbox, session, rt }: Pick<ActionContext, "sandbox" | "session" | "rt">,
  url: string,
): Promise<SingleRequest> {
  const { agent } = sandbox;
  const id = `one-${randomBytes(4).toString("hex")}`;
  const common = { id, url, method: "GET", connections: "new", concurrency: 1, nonce: true } as const;
  await agent.start({ ...common, key: session.values["token"] ?? "", timeoutMs: ANSWER_MS, maxMs: ONE_MS });
  let looks = 0;
  const waited = await observe<undefined>(
    rt,
    async () => {
      const { inflight, sent } = await agent.read(id);
      // Seen twice: it had the time to arrive.
      looks = inflight > 0 ? looks + 1 : 0;
      return looks >= 2
        ? { done: true, value: undefined }
        : { done: false, seen: `${sent} sent, ${inflight} in flight` };
    },
    { withinMs: 15_000, everyMs: 300 },
  );
  if (waited.ok) return { end: () => endOf(agent, rt, id) };
  await agent.stop(id);
  throw environmentError(`no request to ${url} stayed in flight: ${waited.seen}`);
}
