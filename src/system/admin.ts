import type { Scope } from "./scope.ts";
import type { z } from "zod";
import { environmentError } from "../lib/errors.ts";
import { agentTokenHeader } from "../sandbox/agent/agent-protocol.ts";
import type { AgentAnswer } from "../sandbox/agent/load-agent.ts";
import type { Member } from "./member.ts";

// A container that is held back by its own quota, under full load, still answers within this time.
const ANSWER_MS = 20_000;

type Where = Pick<Scope, "sandbox" | "session">;

/** One request to the admin port of a pod or container, sent from inside the sandbox; any answer. */
export async function askAdmin(where: Where, member: Member, method: string, path: string): Promise<AgentAnswer> {
  return where.sandbox.agent.request({
    url: `http://${member.host}:${member.adminPort}${path}`,
    method,
    headers: { [agentTokenHeader]: where.session.values["token"] ?? "" },
    timeoutMs: ANSWER_MS,
  });
}

/** What went wrong with an answer of an admin port, as an error of the environment. */
export function adminError(member: Member, method: string, path: string, answer: AgentAnswer): Error {
  const seen =
    answer.status === 0 ? `${answer.kind}: ${answer.error}` : `status ${answer.status} ${answer.body.trim()}`;
  return environmentError(
    `${member.name} did not accept ${method} ${path} on its admin port ${member.adminPort}: ${seen}`,
  );
}

/** The same request, which must succeed; the answer as JSON of a known form. */
export async function callAdmin<T>(
  where: Where,
  member: Member,
  method: string,
  path: string,
  shape: z.ZodType<T>,
): Promise<T> {
  const answer = await askAdmin(where, member, method, path);
  if (answer.status !== 200) throw adminError(member, method, path, answer);
  const parsed = shape.safeParse(safeJson(answer.body));
  if (parsed.success) return parsed.data;
  throw environmentError(`${member.name} answered ${method} ${path} in an unknown form: ${answer.body.slice(0, 200)}`);
}

/**
 * The same request to each of several. When one fails, the error comes only once all have answered, so that a request that is still on its way
 * does not land after somebody cleaned up.
 */
export async function callAdmins<T>(
  where: Where,
  members: readonly Member[],
  method: string,
  path: string,
  shape: z.ZodType<T>,
): Promise<T[]> {
  const ends = await Promise.allSettled(members.map((member) => callAdmin(where, member, method, path, shape)));
  return ends.map((end) => {
    if (end.status === "rejected") throw end.reason;
    return end.value;
  });
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
