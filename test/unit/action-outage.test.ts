import { expect, test } from "vitest";
import { outage } from "../../src/experiments/actions/outage.ts";
import type { AgentAnswer, AgentRequest } from "../../src/sandbox/agent/load-agent.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const params = outage.params.parse({ target: "deployment/ledger", mode: "fail", for: "30s" });

function scene(answer: (request: AgentRequest) => Partial<AgentAnswer>, signal = new AbortController().signal) {
  const calls: string[] = [];
  const rt = { ...fakeRuntime(), signal };
  const start = rt.clock.now();
  const agent = fakeAgent({
    request: async (request) => {
      const { host, pathname, search } = new URL(request.url);
      calls.push(`${(rt.clock.now() - start) / 1000} ${request.method} ${host}${pathname}${search}`);
      return fakeAnswer(answer(request));
    },
  });
  const env = [{ name: "ADMIN_TOKEN" }, { name: "ADMIN_PORT", value: "9999" }];
  const kube = fakeKube([fakeDeployment("ledger", 1), fakePod("ledger-a", { app: "ledger", ip: "10.244.0.2", env })]);
  return { calls, context: fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube, agent }) }) };
}

const state = (mode: string, failed: number) => ({ body: JSON.stringify({ mode, requests: { ok: 7, failed } }) });

test("injects a fault that ends by itself, waits, sees it in force, and clears it", async () => {
  const { calls, context } = scene(({ method }) => state("fail", method === "GET" ? 52 : 40));
  const outcome = await outage.run?.(params, context);
  expect(calls).toEqual([
    "0 POST 10.244.0.2:9999/admin/fault?mode=fail&for=45000ms",
    "30 GET 10.244.0.2:9999/admin/state",
    "30 DELETE 10.244.0.2:9999/admin/fault",
  ]);
  expect(outcome).toMatchObject({
    finished: true,
    detail: "deployment/ledger: fail for 30 s, 12 of its requests failed",
    targets: ["ledger-a"],
    data: { mode: "fail", failedRequests: 12 },
  });
  expect(context.noted.progress[12]).toBe("ledger down 12/30 s");
});

test("is no outage when the fault was not in force to its end", async () => {
  const { calls, context } = scene(({ method }) => state(method === "GET" ? "none" : "fail", 0));
  await expect(outage.run?.(params, context)).rejects.toThrow("the outage of ledger-a was not in force to its end");
  expect(calls.at(-1)).toContain("DELETE");
});

test("is an error of the environment when the admin port refuses", async () => {
  const { context } = scene(() => ({ status: 401, body: '{"error":"wrong"}' }));
  await expect(outage.run?.(params, context)).rejects.toMatchObject({
    exitCode: 3,
    message: expect.stringContaining("ledger-a did not accept POST /admin/fault"),
  });
});

test("clears the fault when it is interrupted", async () => {
  const kill = new AbortController();
  const { calls, context } = scene(() => state("fail", 0), kill.signal);
  const running = outage.run?.(params, { ...context, progress: (text) => void (text.includes(" 7/") && kill.abort()) });
  await expect(running).rejects.toThrow("interrupted");
  expect(calls.at(-1)).toBe("7 DELETE 10.244.0.2:9999/admin/fault");
});

test("passes the delay of a slow dependency on", async () => {
  const { calls, context } = scene(() => state("slow", 0));
  const slow = outage.params.parse({ target: "deployment/ledger", mode: "slow", delay: "3s", for: "5s" });
  await outage.run?.(slow, context);
  expect(calls[0]).toContain("mode=slow&for=20000ms&ms=3000");
});
