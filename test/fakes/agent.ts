import type { AgentAnswer, LoadAgent, LoadResult } from "../../src/sandbox/agent/load-agent.ts";
import { strict } from "./strict.ts";

/** An answer to one request: 200 and an empty body unless told otherwise. */
export function fakeAnswer(parts: Partial<AgentAnswer> = {}): AgentAnswer {
  return { status: 200, headers: {}, body: "", kind: "", error: "", ms: 1, ...parts };
}

/** The end of a load: 100 sent, all of them ok, unless told otherwise. */
export function fakeLoadResult(parts: Partial<LoadResult> = {}): LoadResult {
  return {
    id: "load",
    startedAt: "2026-01-01T00:00:00Z",
    endedAt: "2026-01-01T00:00:10Z",
    state: "done",
    sent: 100,
    ok: 100,
    failed: 0,
    inflight: 0,
    retried: 0,
    byKind: {},
    byStatus: { "200": 100 },
    byPod: {},
    byVersion: {},
    latencyMs: { p50: 1, p95: 2, p99: 3, max: 4 },
    seconds: [],
    firstFailure: null,
    ...parts,
  };
}

/** An agent that can do only what is given. */
export function fakeAgent(parts: Partial<LoadAgent> = {}): LoadAgent {
  return strict<LoadAgent>("agent", parts);
}
