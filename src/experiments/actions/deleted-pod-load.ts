import { randomBytes } from "node:crypto";
import { stampShift } from "../../lib/other-clock.ts";
import type { LoadResult } from "../../sandbox/agent/load-agent.ts";
import type { ActionContext } from "../action.ts";
import type { Member } from "../../system/member.ts";

/** How a pod is asked after its deletion. */
export interface DeletedPodLoadParams {
  readonly port: number;
  readonly path: string;
  readonly every: number;
  readonly for: number;
  readonly timeout: number;
}

/** Requests under way to one pod that is deleted. */
export interface DeletedPodLoad {
  /** By the clock's `elapsed`; nothing that is sent later counts. */
  readonly endsAt: number;
  /** Its result, once all of it is answered. */
  stop(): Promise<LoadResult>;
}

/**
 * What a load to a deleted pod saw until `endsAt`; a failure says of whom it is, and how long after the deletion. Times are `elapsed`, and
 * the agent's stamps are ahead of it by `shift`.
 */
function judged(result: LoadResult, pod: Member, at: number, endsAt: number, shift: number): LoadResult {
  const { firstFailure: first, ok, failed } = result;
  if (first === null) return result;
  const failedAt = Date.parse(first.at) - shift;
  // The agent was told a moment late. When the first failure comes too late, all do.
  if (failedAt > endsAt) {
    return { ...result, sent: result.sent - failed, failed: 0, byKind: { ok }, firstFailure: null };
  }
  const seconds = Math.max(0, (failedAt - at) / 1000).toFixed(1);
  const detail = `pod/${pod.name} ${seconds} s after it was deleted: ${first.detail}`;
  return { ...result, firstFailure: { ...first, detail } };
}

/** Asks a pod that is deleted at its own address, each time over a new connection, until `for` after its deletion. */
export function startDeletedPodLoad(
  { sandbox, session, rt }: Pick<ActionContext, "sandbox" | "session" | "rt">,
  given: DeletedPodLoadParams,
  pod: Member,
  deletedAt: number,
): DeletedPodLoad {
  const { agent } = sandbox;
  const id = `stale-${randomBytes(4).toString("hex")}`;
  const endsAt = deletedAt + given.for;
  const from = rt.clock.elapsed();
  const starting = agent.start({
    id,
    url: `http://${pod.host}:${given.port}${given.path}`,
    method: "GET",
    rate: 1000 / given.every,
    connections: "new",
    timeoutMs: given.timeout,
    maxMs: Math.max(1, endsAt - from),
    nonce: true,
    key: session.values["token"] ?? "",
  });
  const told = starting.then(() => rt.clock.elapsed());
  // `stop` throws this error; without this line it would end the program where `stop` comes later.
  told.catch(() => undefined);
  return {
    endsAt,
    async stop() {
      const to = await told;
      const result = await agent.stop(id);
      const shift = stampShift(rt.clock, Date.parse(result.startedAt), { from, to });
      return judged(result, pod, deletedAt, endsAt, shift);
    },
  };
}
