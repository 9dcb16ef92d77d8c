import { fakeDeployment as fakeWorkload, fakePod as instrumentedPod } from "../fakes/workloads.ts";
import { describe, expect, it } from "vitest";
import { KubeError } from "../../src/kube/kube-error.ts";
import type { LogQuery } from "../../src/kube/kube.ts";
import type { AgentAnswer, AgentRequest } from "../../src/sandbox/agent/load-agent.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";

async function notStarted(): Promise<never> {
  throw new KubeError("container is waiting to start", { status: 400 });
}

/** A context whose agent answers these URLs and no others. */
function answering(answers: Record<string, Partial<AgentAnswer>>) {
  const requests: AgentRequest[] = [];
  const agent = fakeAgent({
    async request(request) {
      requests.push(request);
      const answer = answers[request.url];
      if (answer === undefined) throw new Error(`unexpected request to ${request.url}`);
      return fakeAnswer(answer);
    },
  });
  return { context: fakeCheckContext([], { sandbox: fakeKindSandbox({ agent }) }), requests };
}

const pay = "http://pay.shop.svc.cluster.local:80/";
const refused = { status: 0, kind: "refused", error: "connect: refused", ms: 3 };

describe("http", () => {
  const allow = { type: "http", to: "service/pay" };

  it.each([
    [{}, { status: 204 }, "pass"],
    [{}, { status: 503 }, "fail"],
    [{}, refused, "fail"],
    [{ status: [401, 403] }, { status: 403 }, "pass"],
    [{ body: "^ok$" }, { body: "no\nok\n" }, "pass"],
    [{ body: "^ok$" }, { body: "nok" }, "fail"],
    [{ proof: true }, { kind: "proof" }, "fail"],
    [{ proof: true }, { kind: "ok" }, "pass"],
  ])("allow %j of %j is %s", async (rules, answer, outcome) => {
    const { context } = answering({ [pay]: answer });
    expect((await runCheck({ ...allow, expect: { allow: rules } }, context)).outcome).toBe(outcome);
  });

  it("demands the proof with the session's token", async () => {
    const { context, requests } = answering({ [pay]: {} });
    await runCheck({ ...allow, expect: { allow: { proof: true } } }, context);
    expect(requests[0]).toMatchObject({ nonce: true, key: "t0ken" });
  });

  it.each([
    ["refused beside an allowed control", refused, {}, "pass"],
    ["a timeout", { ...refused, kind: "timeout" }, {}, "pass"],
    ["an answer", { status: 403 }, {}, "fail"],
    ["an unknown name", { ...refused, kind: "dns" }, {}, "fail"],
    ["refused, as the control is", refused, refused, "error"],
    ["an answer, while the control has none", {}, refused, "fail"],
  ])("deny: %s", async (_name, answer, control, outcome) => {
    const { context } = answering({ [pay]: answer, "http://free.shop.svc/": control });
    const spec = { ...allow, expect: { deny: {} }, control: "http://free.shop.svc/" };
    expect((await runCheck(spec, context)).outcome).toBe(outcome);
  });

  it("refuses a denial without control", async () => {
    await expect(runCheck({ ...allow, expect: { deny: {} } }, answering({}).context)).rejects.toThrow(
      "needs a control",
    );
  });
});

describe("logs", () => {
  const objects = [
    fakeDeployment(),
    fakeReplicaSet(1),
    fakeReplicaSet(2),
    fakePod("a", { revision: 2 }),
    fakePod("b", { revision: 2 }),
  ];
  const texts: Record<string, string> = { a: "start\npanic: boom\n", b: "start\n" };

  function reading(logs: (query: LogQuery) => string) {
    const queries: LogQuery[] = [];
    const kube = fakeKube(objects, {
      async logs(query) {
        queries.push(query);
        return logs(query);
      },
    });
    return { context: fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) }), queries };
  }

  const spec = { type: "logs", workload: "deployment/payments", matches: "panic" };

  it("finds a line in any, every or no log", async () => {
    const { context } = reading(({ pod }) => texts[pod] ?? "");
    expect(await runCheck(spec, context)).toMatchObject({ outcome: "pass", observed: "pod/a: panic: boom" });
    expect((await runCheck({ ...spec, match: "every" }, context)).outcome).toBe("fail");
    expect((await runCheck({ ...spec, absent: true }, context)).outcome).toBe("fail");
    expect((await runCheck({ ...spec, matches: "nothing", absent: true }, context)).outcome).toBe("pass");
  });

  it("reads since the newest ReplicaSet, bounded", async () => {
    const { context, queries } = reading(() => "");
    await runCheck({ ...spec, since: "fix" }, context);
    expect(queries[0]).toMatchObject({ sinceTime: "2026-01-01T00:00:02Z", container: "payments", tailLines: 1000 });
    await runCheck({ ...spec, since: "30s" }, context);
    expect(queries.at(-1)).toMatchObject({ sinceTime: "2025-12-31T23:59:30.000Z" });
  });

  it("leaves the start out when the clock was set back since, and cannot tell what came after the fault", async () => {
    const queries: LogQuery[] = [];
    const logs = async (query: LogQuery) => {
      queries.push(query);
      return "panic";
    };
    const session = fakeSession({ startedAt: "2026-01-01T01:00:00Z", faultAt: "2026-01-01T01:00:30Z" });
    const sandbox = fakeKindSandbox({ kube: fakeKube(objects, { logs }) });
    const context = fakeCheckContext([], { sandbox, session });
    expect((await runCheck(spec, context)).outcome).toBe("pass");
    expect(queries[0]).not.toHaveProperty("sinceTime");
    await expect(runCheck({ ...spec, since: "fault" }, context)).rejects.toThrow("the clock was set back");
  });

  it("takes a container that never ran for an empty log, and no pods for a fail", async () => {
    const { context } = reading(() => {
      throw new KubeError("previous terminated container not found", { status: 400 });
    });
    expect((await runCheck({ ...spec, previous: true }, context)).outcome).toBe("fail");
    const gone = { type: "logs", selector: "app=gone", matches: "x", absent: true };
    expect((await runCheck(gone, context)).outcome).toBe("fail");
  });

  it("does not take a container that never ran for one whose log lacks the line", async () => {
    const waiting = fakePod("a", { ready: false, state: { waiting: { reason: "ImagePullBackOff" } } });
    const kube = fakeKube([fakeDeployment(), fakeReplicaSet(1), waiting], { logs: notStarted });
    const context = fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) });
    const absent = { ...spec, absent: true };
    expect(await runCheck(absent, context)).toMatchObject({ outcome: "fail", observed: "pod/a never ran" });
    // There was no run before this one, so none had the line.
    expect((await runCheck({ ...absent, previous: true }, context)).outcome).toBe("pass");
    const created = fakeContainer({ name: "labs-abc123-api", status: "created", startedAt: "0001-01-01T00:00:00Z" });
    const docker = fakeDockerSandbox({ docker: fakeDocker([created], { logs: async () => "" }) });
    const inDocker = { ...absent, workload: "container/api" };
    const seen = await runCheck(inDocker, fakeCheckContext([], { sandbox: docker }));
    expect(seen).toMatchObject({ outcome: "fail", observed: "container/api never ran" });
  });

  it("does not take a lost log for one without the line", async () => {
    const thrownAway = reading(() => "unable to retrieve container logs for containerd://abc");
    await expect(runCheck({ ...spec, absent: true }, thrownAway.context)).rejects.toThrow("does not keep the log");
    const { context } = reading(() => {
      throw new KubeError("no answer", { unreachable: true });
    });
    await expect(runCheck({ ...spec, absent: true }, context)).rejects.toThrow("no answer");
  });
});

describe("access", () => {
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "ci", namespace: "shop" } };
  const subject = { serviceaccount: "ci" };
  const create = { subject, verb: "create", group: "apps", resource: "deployments" };
  const secrets = { subject, verb: "get", group: "", resource: "secrets" };

  function authorizing(allowed: readonly string[], objects = [account]) {
    const kube = fakeKube(objects, {
      async request(_method, _path, options) {
        const text = JSON.stringify(options?.body);
        const body = { status: { allowed: allowed.some((resource) => text.includes(`"resource":"${resource}"`)) } };
        expect(text).toContain("system:serviceaccount:shop:ci");
        return { status: 201, text: "", body };
      },
    });
    return fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) });
  }

  it("asks for what is allowed and for what is denied", async () => {
    const spec = { type: "access", allow: [create], deny: [secrets] };
    expect((await runCheck(spec, authorizing(["deployments"]))).outcome).toBe("pass");
    expect(await runCheck(spec, authorizing(["deployments", "secrets"]))).toMatchObject({
      outcome: "fail",
      expected: "denied: serviceaccount ci: get secrets in shop",
      observed: "serviceaccount ci: get secrets in shop is allowed",
      lookAt: "kubectl -n shop auth can-i get secrets --as=system:serviceaccount:shop:ci",
    });
    expect((await runCheck(spec, authorizing([]))).outcome).toBe("fail");
    expect((await runCheck(spec, authorizing(["deployments"], []))).outcome).toBe("fail");
  });

  it("refuses a denial alone, and a rule without group", async () => {
    await expect(runCheck({ type: "access", allow: [], deny: [secrets] }, authorizing([]))).rejects.toThrow("allow");
    const { group: _group, ...groupless } = create;
    await expect(runCheck({ type: "access", allow: [groupless] }, authorizing([]))).rejects.toThrow("group");
  });

  it("cannot tell when the authorizer does not answer", async () => {
    const kube = fakeKube([account], { request: async () => ({ status: 403, text: "no", body: {} }) });
    const context = fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) });
    await expect(runCheck({ type: "access", allow: [create] }, context)).rejects.toThrow("SubjectAccessReview: no");
  });
});

describe("docker", () => {
  const api = fakeContainer({ name: "labs-abc123-api", exitCode: 137, raw: { HostConfig: { Memory: 64 } } });
  const context = (parts = {}) => {
    const docker = fakeDocker([{ ...api, ...parts }], { logs: async () => "up\nshutdown complete\n" });
    return fakeCheckContext([], { sandbox: fakeDockerSandbox({ docker }), namespace: "" });
  };

  it.each([
    [{ path: "HostConfig.Memory", op: "eq", value: 64 }, {}, "pass"],
    [{ path: "HostConfig.Gone", op: "eq", value: 0 }, {}, "fail"],
    [{ path: "HostConfig.Gone", op: "eq", value: 0, default: 0 }, {}, "pass"],
    [{ running: true }, {}, "pass"],
    [{ running: false }, {}, "fail"],
    [{ exitCode: 137 }, {}, "fail"],
    [{ exitCode: 137 }, { status: "exited" }, "pass"],
    [{ health: "healthy" }, { health: "unhealthy" }, "fail"],
    [{ logs: "^shutdown complete$" }, {}, "pass"],
    [{ logs: "panic", running: true }, {}, "fail"],
  ])("%j of %j is %s", async (rules, parts, outcome) => {
    expect((await runCheck({ type: "docker", container: "api", ...rules }, context(parts))).outcome).toBe(outcome);
  });

  it("fails without the container", async () => {
    expect(await runCheck({ type: "docker", container: "gone", running: false }, context())).toMatchObject({
      outcome: "fail",
    });
  });
});

const snapshot = (periods: number, throttled: number) =>
  JSON.stringify({
    cpu: {
      quotaMicros: 1,
      periodMicros: 1,
      nrPeriods: periods,
      nrThrottled: throttled,
      throttledMicros: 0,
      usageMicros: 0,
    },
    hostIdleMicros: -1,
    gomaxprocs: 2,
    numCPU: 2,
    at: "2026-01-01T00:00:00Z",
  });

function asked(...bodies: string[]) {
  const requests: AgentRequest[] = [];
  const agent = fakeAgent({
    async request(request) {
      requests.push(request);
      return fakeAnswer({ body: bodies.shift() ?? "" });
    },
  });
  return { requests, agent };
}

describe("cgroup, looking", () => {
  const spec = { type: "cgroup", throttledRatio: { atLeast: 0.1 }, window: "4s" };

  it("takes the difference over the window, of a container", async () => {
    const { agent } = asked(snapshot(1000, 900), snapshot(1040, 902));
    const docker = fakeDocker([fakeContainer({ name: "labs-abc123-api", env: { ADMIN_TOKEN: "k" } })]);
    const context = fakeCheckContext([], { sandbox: fakeDockerSandbox({ agent, docker }) });
    const start = context.rt.clock.now();
    expect(await runCheck({ ...spec, of: "container/api" }, context)).toMatchObject({
      outcome: "fail",
      observed: expect.stringContaining("2 of 40 periods (5 %)"),
    });
    expect(context.rt.clock.now() - start).toBe(4000);
  });

  it("asks the admin port of each ready pod, with the token", async () => {
    const { agent, requests } = asked(snapshot(0, 0), snapshot(40, 20));
    const kube = fakeKube([
      fakeWorkload("payments", 2),
      instrumentedPod("a", { ip: "10.244.0.9" }),
      instrumentedPod("b", { ip: "10.244.0.8", ready: false }),
    ]);
    const context = fakeCheckContext([], {
      sandbox: fakeKindSandbox({ agent, kube }),
      session: fakeSession({ values: { token: "k" } }),
    });
    expect((await runCheck({ ...spec, of: "deployment/payments" }, context)).outcome).toBe("pass");
    expect(requests[0]).toMatchObject({ url: "http://10.244.0.9:9091/admin/cgroup", headers: { "X-Lab-Token": "k" } });
    expect(requests).toHaveLength(2);
  });
});
