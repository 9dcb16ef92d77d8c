import { describe, expect, it } from "vitest";
import { stageIntact } from "../../src/checks/guards/stage-intact.ts";
import type { ContainerState } from "../../src/docker/docker.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { dockerAgent, fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKindAgent, kubeWithAgent, manifests } from "../fakes/kind-agent.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeSession } from "../fakes/session.ts";
import { fakeDeployment, fakePod, type PodParts } from "../fakes/workloads.ts";

const ledger = fakeDeployment("ledger", 2);
const agent = await fakeKindAgent();

function pod(name: string, parts: PodParts & { phase?: string } = {}): KubeObject {
  const made = fakePod(name, { app: "ledger", ...parts });
  return parts.phase === undefined ? made : { ...made, status: { phase: parts.phase } };
}

const pods = [pod("ledger-a"), pod("ledger-b")];

async function cluster(live: readonly KubeObject[], token?: string) {
  const rt = fakeRuntime();
  return stageIntact(
    fakeCheckContext([], {
      rt: { ...rt, paths: { ...rt.paths, manifests } },
      sandbox: fakeKindSandbox({ kube: kubeWithAgent(live, token) }),
      session: fakeSession({ reference: { provider: "kind", stage: [ledger], base: [] } }),
    }),
  );
}

function changed(spec: object, labels: Record<string, string> = {}): KubeObject {
  const own: object = typeof ledger["spec"] === "object" ? { ...ledger["spec"] } : {};
  return { ...ledger, metadata: { ...ledger.metadata, labels }, spec: { ...own, ...spec } };
}

describe("the stage of a cluster", () => {
  it("passes what only controllers, restarts and its own failures have touched", async () => {
    const restarted = structuredClone(ledger);
    restarted.metadata.annotations = { "deployment.kubernetes.io/revision": "2" };
    restarted["status"] = {};
    const flapping = [pod("ledger-a", { ready: false, restarts: 3 }), pod("ledger-b")];
    expect((await cluster([restarted, ...flapping, ...agent])).outcome).toBe("pass");
  });

  it.each([
    ["is gone", [], "deployment/ledger in shop is gone"],
    ["was scaled", [changed({ replicas: 0 })], "deployment/ledger in shop was changed: spec.replicas"],
    ["was given more fields", [changed({ paused: true })], "deployment/ledger in shop was changed: spec.paused"],
    ["was relabelled", [changed({}, { app: "x" })], "deployment/ledger in shop was changed: labels.app"],
  ])("fails one that %s", async (_name, live, observed) => {
    expect(await cluster([...live, ...pods, ...agent])).toMatchObject({
      outcome: "fail",
      observed: `${observed}; labs reset sets it up again`,
    });
  });

  it.each([
    ["has no pods", [], 0],
    ["waits for an image or for room", [pod("ledger-a"), pod("ledger-b", { phase: "Pending" })], 1],
    ["was evicted", [pod("ledger-a"), pod("ledger-b", { phase: "Failed" })], 1],
    ["is being deleted", [pod("ledger-a"), pod("ledger-b", { terminating: true })], 1],
  ])("fails one that is intact, but %s", async (_name, live, has) => {
    expect(await cluster([ledger, ...live, ...agent])).toMatchObject({
      outcome: "fail",
      observed: `deployment/ledger in shop runs ${has} of 2 pods; labs reset sets it up again`,
    });
  });
});

const spoilt = {
  changed: await fakeKindAgent({ spec: { containers: [{ name: "agent", image: "nginx" }] } }),
  pending: await fakeKindAgent({ phase: "Pending" }),
  failed: await fakeKindAgent({ phase: "Failed" }),
};

describe("the agent of a cluster", () => {
  it.each([
    ["is gone", [], "pod/agent in labs-system is gone"],
    ["was changed", spoilt.changed, "was changed: spec.containers[0].image"],
    ["has no token", agent.slice(0, 1), "the token of pod/agent in labs-system is gone"],
    ["does not run", spoilt.pending, "pod/agent in labs-system is Pending"],
    ["has ended", spoilt.failed, "pod/agent in labs-system is Failed"],
  ])("fails when it %s", async (_name, live, observed) => {
    const seen = await cluster([ledger, ...pods, ...live]);
    expect(seen.outcome).toBe("fail");
    expect(seen.observed).toContain(observed);
  });

  it("fails when it has another token", async () => {
    expect((await cluster([ledger, ...pods, ...agent], "other")).observed).toContain("has another token");
  });
});

describe("the stage of a Docker lab", () => {
  const network = "labs-abc123";
  const on = (names: readonly string[]) => ({ NetworkSettings: { Networks: { [network]: { Aliases: names } } } });
  const place = { networks: [network] };
  const api = fakeContainer({ name: "labs-abc123-api", ...place, raw: on(["api"]) });
  const clients = fakeContainer({ name: "labs-abc123-clients", ...place, raw: on(["clients"]) });

  const look = (live: readonly ContainerState[]) =>
    stageIntact(
      fakeCheckContext([], {
        sandbox: fakeDockerSandbox({ docker: fakeDocker(live) }),
        session: fakeSession({ reference: { provider: "docker", stage: [clients], base: [api] } }),
      }),
    );

  const extra = (names: readonly string[]) => fakeContainer({ name: "mine", ...place, raw: on(names) });

  it("passes containers that were added beside it, and one that is between two runs", async () => {
    const again = { ...clients, status: "restarting" } as const;
    expect((await look([api, again, dockerAgent, extra(["mine", "tools"])])).outcome).toBe("pass");
  });

  it.each<[string, Partial<ContainerState>, string]>([
    ["was paused", { status: "paused" }, "container clients is paused"],
    ["was stopped", { status: "exited" }, "container clients is exited"],
    ["was never started", { status: "created" }, "container clients is created"],
    ["was given less", { nanoCpus: 1e7 }, "container clients has other limits"],
    ["was given more variables", { env: { GOGC: "1" } }, "container clients has another GOGC"],
  ])("fails one that %s", async (_name, change, observed) => {
    expect((await look([api, { ...clients, ...change }, dockerAgent])).observed).toBe(
      `${observed}; labs reset sets it up again`,
    );
  });

  it.each<[string, Partial<ContainerState>, string]>([
    ["paused", { status: "paused" }, "container agent is paused"],
    ["another image", { image: "nginx" }, "container agent runs image nginx"],
    ["another program", { args: ["serve"] }, 'container agent is started as "/app serve"'],
    ["off the network", { networks: [] }, "container agent is off the lab's network"],
  ])("fails an agent that is %s", async (_name, change, observed) => {
    expect((await look([api, clients, { ...dockerAgent, ...change }])).observed).toContain(observed);
  });

  it("fails without an agent", async () => {
    expect((await look([api, clients])).observed).toContain("container agent is gone");
  });

  it.each([
    ["a short name", extra(["api"]), "container mine answers to api too"],
    ["a full name", extra(["labs-abc123-api"]), "container mine answers to labs-abc123-api too"],
    ["our agent's name", extra(["labs-abc123-agent"]), "container mine answers to labs-abc123-agent too"],
    [
      "a name of the engine's own list",
      { ...extra([]), raw: { NetworkSettings: { Networks: { [network]: { DNSNames: ["api"] } } } } },
      "container mine answers to api too",
    ],
  ])("fails a container that takes over %s", async (_name, foreign, observed) => {
    expect((await look([api, clients, dockerAgent, foreign])).observed).toBe(
      `${observed}; labs reset sets it up again`,
    );
  });

  it("fails one of the lab's own containers that takes over another's name", async () => {
    const both = { ...api, raw: on(["api", "clients"]) };
    expect((await look([both, clients, dockerAgent])).observed).toContain("container api answers to clients too");
  });
});
