import { describe, expect, it } from "vitest";
import {
  createLoadAgent,
  parseAgentAnswer,
  parseLoadResult,
  type AgentSend,
} from "../../src/sandbox/agent/agent-protocol.ts";

const result = {
  id: "new",
  startedAt: "2026-11-20T10:00:00Z",
  endedAt: null,
  state: "running",
  sent: 3,
  ok: 3,
  failed: 0,
  inflight: 0,
  retried: 0,
  byKind: null,
  byStatus: { "200": 3 },
  byPod: {},
  byVersion: {},
  latencyMs: { p50: 1, p95: 2, p99: 2, max: 2 },
  seconds: null,
  firstFailure: null,
};

/** Answers the listed requests in order; anything else throws. */
function scripted(answers: [string, { status: number; text: string }][]): { send: AgentSend; bodies: unknown[] } {
  const bodies: unknown[] = [];
  const send: AgentSend = (method, path, { body }) => {
    const next = answers.shift();
    if (next === undefined || next[0] !== `${method} ${path}`) throw new Error(`unlisted call ${method} ${path}`);
    bodies.push(body);
    return Promise.resolve(next[1]);
  };
  return { send, bodies };
}

describe("agent protocol", () => {
  it("reads Go's null maps and slices as empty", () => {
    const read = parseLoadResult(JSON.stringify(result));
    expect(read.byKind).toEqual({});
    expect(read.seconds).toEqual([]);
    expect(read.endedAt).toBeNull();
    expect("completedPerSecond" in read).toBe(false);
  });

  it("sends whole milliseconds, which is all that the agent takes", async () => {
    const { send, bodies } = scripted([["POST /runs", { status: 201, text: "{}" }]]);
    const load = { id: "a", url: "http://a", method: "GET", connections: "new" } as const;
    await createLoadAgent(send).start({ ...load, timeoutMs: 99.6, maxMs: 8995.146871 });
    expect(bodies).toEqual([{ ...load, timeoutMs: 100, maxMs: 8996 }]);
  });

  it("refuses a result without counters, naming the field", () => {
    const { ok: _ok, ...broken } = result;
    expect(() => parseLoadResult(JSON.stringify(broken))).toThrow(/unknown form of a load result[\s\S]*ok/);
  });

  it("refuses an answer that is not JSON", () => {
    expect(() => parseAgentAnswer("upstream error")).toThrow(/not JSON: upstream error/);
  });

  it("forgets a run after stopping it", async () => {
    const { send } = scripted([
      ["POST /runs/a%2Fb/stop", { status: 200, text: JSON.stringify({ ...result, state: "done" }) }],
      ["DELETE /runs/a%2Fb", { status: 204, text: "" }],
    ]);
    await expect(createLoadAgent(send).stop("a/b")).resolves.toMatchObject({ state: "done", sent: 3 });
  });

  it("throws what the agent refused", async () => {
    const { send } = scripted([["GET /runs/x", { status: 404, text: "no such run\n" }]]);
    await expect(createLoadAgent(send).read("x")).rejects.toThrow("answered 404 to GET /runs/x: no such run");
  });

  it("passes a request on as it is", async () => {
    const answer = { status: 0, headers: null, body: "", kind: "refused", error: "connection refused", ms: 1 };
    const { send, bodies } = scripted([["POST /request", { status: 200, text: JSON.stringify(answer) }]]);
    const request = { url: "http://web/", timeoutMs: 500 };
    await expect(createLoadAgent(send).request(request)).resolves.toMatchObject({ kind: "refused", headers: {} });
    expect(bodies).toEqual([request]);
  });
});
