import { randomBytes } from "node:crypto";
import { environmentError } from "../errors.ts";
import type { LoadResult } from "../sandbox/load-agent.ts";
import type { ActionContext } from "./action.ts";
import { observe } from "./observe.ts";

/** No second request is sent after this time; the first one goes on. */
const ONE_MS = 1000;
const ANSWER_MS = 60_000;

/** One request under way. */
export interface InFlight {
  /** Waits for its end. */
  end(): Promise<LoadResult>;
}

/** Sends one long request, whose answer must carry the service's proof, and returns once it is on its way. */
export async function sendOne(
  { sandbox, session, rt }: Pick<ActionContext, "sandbox" | "session" | "rt">,
  url: string,
): Promise<InFlight> {
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
  const end = (): Promise<LoadResult> => agent.stop(id);
  if (waited.ok) return { end };
  await end();
  throw environmentError(`no request to ${url} stayed in flight: ${waited.seen}`);
}
