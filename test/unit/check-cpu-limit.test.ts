import { expect, it } from "vitest";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";

/** A container of 1 CPU as inspect tells, with this quota in its host configuration, and this one in force. */
function limited(told: number, inForce?: number) {
  const cpu = { periodMicros: 100_000, nrPeriods: 1, nrThrottled: 0, throttledMicros: 0, usageMicros: 0 };
  const body = JSON.stringify({
    cpu: { ...cpu, quotaMicros: inForce },
    hostIdleMicros: -1,
    gomaxprocs: 1,
    numCPU: 2,
    at: "2026-01-01T00:00:00Z",
  });
  const agent = inForce === undefined ? fakeAgent({}) : fakeAgent({ request: async () => fakeAnswer({ body }) });
  const raw = { HostConfig: { CpuQuota: told } };
  const container = fakeContainer({ name: "labs-abc123-api", nanoCpus: 1e9, env: { ADMIN_TOKEN: "k" }, raw });
  const sandbox = fakeDockerSandbox({ agent, docker: fakeDocker([container]) });
  const reference = { provider: "docker", stage: [], base: [{ ...container, raw: {} }] } as const;
  return fakeCheckContext([], { sandbox, session: fakeSession({ reference }) });
}

const check = { type: "docker", container: "api", cpus: { atMost: 2 } };

it("takes inspect at its word where it has one", async () => {
  expect(await runCheck(check, limited(0))).toMatchObject({
    outcome: "pass",
    observed: expect.stringContaining("a limit of 1 CPUs"),
  });
});

it.each([
  [-1, "fail", /no CPU limit/],
  [200_000, "pass", /a limit of 2 CPUs/],
  [400_000, "fail", /a limit of 4 CPUs/],
])("asks the container where its quota was lifted: %d is in force", async (inForce, outcome, observed) => {
  const seen = await runCheck(check, limited(-1, inForce));
  expect(seen.outcome).toBe(outcome);
  expect(seen.observed).toMatch(observed);
});

it.each([
  [-1, "fail"],
  [200_000, "pass"],
])("says that a limit is kept only where one is in force: %d", async (inForce, outcome) => {
  const seen = await runCheck({ type: "preserve", keep: ["limits"] }, limited(-1, inForce));
  expect(seen.outcome).toBe(outcome);
});
