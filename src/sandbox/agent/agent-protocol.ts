import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import type { AgentAnswer, LoadAgent, LoadResult } from "./load-agent.ts";

/** Header that carries the agent's token. */
export const agentTokenHeader = "X-Lab-Token";

/** Port on which go-app's `load` role listens. */
export const agentPort = 9092;

/** Sends one request to the agent (path from "/runs" on) and returns its answer, whatever its status. */
export type AgentSend = (
  method: "GET" | "POST" | "DELETE",
  path: string,
  options: { readonly body?: unknown; readonly timeoutMs: number },
) => Promise<{ readonly status: number; readonly text: string }>;

// Go writes an empty map or slice as null.
const counts = z
  .record(z.string(), z.number())
  .nullish()
  .transform((value) => value ?? {});

const loadResult = z.object({
  id: z.string(),
  startedAt: z.string(),
  endedAt: z
    .string()
    .nullish()
    .transform((value) => value ?? null),
  state: z.enum(["running", "done"]),
  sent: z.number(),
  ok: z.number(),
  failed: z.number(),
  inflight: z.number(),
  retried: z.number().default(0),
  byKind: counts,
  byStatus: counts,
  byPod: counts,
  byVersion: counts,
  latencyMs: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), max: z.number() }),
  seconds: z
    .array(z.object({ t: z.number(), ok: z.number(), failed: z.number() }))
    .nullish()
    .transform((value) => value ?? []),
  firstFailure: z
    .object({ at: z.string(), kind: z.string(), detail: z.string() })
    .nullish()
    .transform((value) => value ?? null),
  completedPerSecond: z.number().optional(),
});

const agentAnswer = z.object({
  status: z.number(),
  headers: z
    .record(z.string(), z.string())
    .nullish()
    .transform((value) => value ?? {}),
  body: z.string().default(""),
  kind: z.string().default(""),
  error: z.string().default(""),
  ms: z.number(),
});

function parse<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw environmentError(`the load agent sent ${what} that is not JSON: ${text.slice(0, 200)}`, { cause: error });
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw environmentError(`the load agent sent an unknown form of ${what}: ${z.prettifyError(result.error)}`);
}

/** Reads the JSON of GET /runs/{id} and POST /runs/{id}/stop. */
export function parseLoadResult(text: string): LoadResult {
  const { completedPerSecond, ...rest } = parse(loadResult, text, "a load result");
  return completedPerSecond === undefined ? rest : { ...rest, completedPerSecond };
}

/** Reads the JSON of POST /request. */
export function parseAgentAnswer(text: string): AgentAnswer {
  return parse(agentAnswer, text, "an answer");
}

function run(id: string): string {
  return `/runs/${encodeURIComponent(id)}`;
}

/** The load agent's HTTP API, over any way of reaching it. */
export function createLoadAgent(send: AgentSend): LoadAgent {
  const call: (...args: Parameters<AgentSend>) => Promise<string> = async (method, path, options) => {
    const { status, text } = await send(method, path, options);
    if (status >= 200 && status < 300) return text;
    throw environmentError(`the load agent answered ${status} to ${method} ${path}: ${text.trim().slice(0, 300)}`);
  };
  return {
    async start(spec) {
      // The agent takes whole milliseconds.
      const whole = { ...spec, timeoutMs: Math.round(spec.timeoutMs), maxMs: Math.ceil(spec.maxMs) };
      await call("POST", "/runs", { body: whole, timeoutMs: 10_000 });
    },
    async read(id) {
      return parseLoadResult(await call("GET", run(id), { timeoutMs: 10_000 }));
    },
    async stop(id) {
      // It waits for what is in flight, which can take as long as one request may.
      const result = parseLoadResult(await call("POST", `${run(id)}/stop`, { timeoutMs: 90_000 }));
      await call("DELETE", run(id), { timeoutMs: 10_000 });
      return result;
    },
    async request(request) {
      const timeoutMs = (request.timeoutMs ?? 10_000) + 5000;
      return parseAgentAnswer(await call("POST", "/request", { body: request, timeoutMs }));
    },
  };
}
