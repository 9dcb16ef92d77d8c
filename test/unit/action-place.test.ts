import { describe, expect, test } from "vitest";
import type { ActionContext } from "../../src/experiments/action.ts";
import { place } from "../../src/experiments/actions/place/place.ts";
import { undoEntry } from "../../src/experiments/undo/undo.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

const cordonTaint = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" };

function node(name: string, labels: Record<string, string>, taints: unknown[] = []): KubeObject {
  return { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec: { taints } };
}

function scheduled(pod: KubeObject, decision: string | undefined): KubeObject {
  const message = "0/3 nodes are available";
  const refused = { type: "PodScheduled", status: "False", reason: "Unschedulable", message };
  const { node: _node, ...spec } = Object(pod["spec"]);
  if (decision === undefined) return { ...pod, spec, status: {} };
  return decision === ""
    ? { ...pod, spec, status: { conditions: [refused] } }
    : { ...pod, spec: { ...spec, nodeName: decision }, status: {} };
}

/** A pod that some DaemonSet has on a node. */
function daemon(nodeName: string): KubeObject {
  const metadata = { name: "proxy", namespace: "kube-system", uid: "u" };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { nodeName, containers: [] } };
}

/** Nodes prod and mon, deployment/orders, and a scheduler that decides as it is told: a node, "" for nowhere, undefined for not yet. */
function scene(decide: (pod: KubeObject) => string | undefined, refuse?: KubeError) {
  const log: string[] = [];
  const seen: KubeObject[] = [];
  const taint = { key: "dedicated", value: "monitoring", effect: "NoSchedule" };
  const status = { capacity: { cpu: "4" }, allocatable: { cpu: "3" } };
  const nodes = new Map([
    ["prod", node("prod", { env: "prod" })],
    [
      "mon",
      {
        ...node("mon", { pool: "monitoring", "kubernetes.io/os": "linux", "kubernetes.io/hostname": "mon" }, [
          taint,
          { key: "node.kubernetes.io/disk-pressure" },
        ]),
        status,
      },
    ],
  ]);
  const objects = (): KubeObject[] => [fakeDeployment("orders", 2), ...nodes.values(), ...pods];
  const pods: KubeObject[] = [];
  const kube = fakeKube([], {
    get: (ref) => fakeKube(objects()).get(ref),
    list: (query) => fakeKube(objects()).list(query),
    create: async (pod) => {
      if (refuse !== undefined) throw refuse;
      seen.push(pod);
      if (pod.kind === "Node") {
        log.push("join");
        nodes.set(pod.metadata.name, pod);
        return pod;
      }
      log.push(pod.metadata.namespace === "shop" ? "create" : "canary");
      pods.push(scheduled(pod, decide(pod)));
      return pod;
    },
    patch: async ({ name }, patch) => {
      const { unschedulable } = Object(patch)["spec"];
      log.push(`${unschedulable === true ? "cordon" : "uncordon"} ${name}`);
      const before = nodes.get(name) ?? node(name, {});
      const spec = unschedulable === true ? { unschedulable, taints: [cordonTaint] } : {};
      nodes.set(name, { ...before, spec });
      return before;
    },
    delete: async ({ kind, name }) => {
      log.push(kind === "Node" ? "leave" : "remove");
      if (kind === "Node") return nodes.delete(name);
      const gone = pods.findIndex(({ metadata }) => metadata.name === name);
      return gone >= 0 && pods.splice(gone, 1).length > 0;
    },
  });
  const sandbox = fakeKindSandbox({ kube });
  const opened: (() => Promise<void>)[] = [];
  const undo = async () => {
    for (const one of opened.toReversed()) await one();
  };
  const journal: ActionContext["journal"] = {
    open: async (entry) => {
      log.push(`journal ${entry.undo}`);
      const one = () => undoEntry({ id: "x", ...entry }, sandbox);
      opened.push(one);
      return one;
    },
  };
  return { undo, log, seen, pods, nodes, context: { ...fakeActionContext({ sandbox }), journal } };
}

function run(given: Record<string, unknown>, context: ActionContext) {
  return place.run?.(place.params.parse({ name: "p", of: "deployment/orders", ...given }), context);
}

describe("place", () => {
  test("notes where copies went, and takes them away", async () => {
    const { log, seen, context } = scene((pod) => (pod.metadata.name.endsWith("1") ? "prod" : ""));
    const outcome = await run({}, context);
    const base = outcome?.targets?.[0]?.slice(0, -2);
    expect(outcome).toMatchObject({
      finished: true,
      detail: "1 of 2 copies of deployment/orders were placed, on prod",
      data: {
        name: "p",
        of: "deployment/orders",
        copies: [
          { name: `${base}-1`, node: "prod", labels: { env: "prod" }, why: "" },
          { name: `${base}-2`, node: "", labels: {}, why: "0/3 nodes are available" },
        ],
      },
    });
    expect(seen[0]).toMatchObject({
      metadata: { labels: { "dev.labs/clone": `${base}-1` } },
      spec: { tolerations: [] },
    });
    const made = ["journal remove-object", "create"];
    expect(log).toEqual([...made, ...made, "remove", "remove"]);
  });

  test("closes nodes before it makes copies, and opens them at the end", async () => {
    const { log, context } = scene(() => "");
    expect(await run({ cordoned: { env: "prod" }, replicas: 1 }, context)).toMatchObject({ finished: true });
    const closed = ["journal uncordon", "cordon prod"];
    expect(log).toEqual([...closed, "journal remove-object", "create", "remove", "uncordon prod"]);
  });

  test("can set the nodes' taints aside, but not those of Kubernetes", async () => {
    const { seen, context } = scene(() => "mon");
    await run({ ignoreTaints: true, replicas: 1 }, context);
    expect(seen[0]?.["spec"]).toMatchObject({ tolerations: [{ key: "dedicated", operator: "Exists" }] });
  });

  test("lets a node join that only copies may go to, and takes it away with all that is on it", async () => {
    const { log, pods, nodes, context } = scene(({ metadata, spec }) => {
      if (metadata.namespace === "kube-system") return Object(spec).nodeSelector["kubernetes.io/hostname"];
      pods.push(daemon([...nodes.keys()].at(-1) ?? ""));
      return [...nodes.keys()].at(-1);
    });
    const outcome = await run({ newNode: true, ignoreTaints: true, cordoned: { env: "prod" }, replicas: 1 }, context);
    const joined = ["journal remove-node", "join", "canary"];
    const left = ["leave", "remove", "remove"];
    expect(log).toEqual([
      "journal uncordon",
      "cordon prod",
      ...joined,
      "journal remove-object",
      "create",
      "remove",
      ...left,
      "uncordon prod",
    ]);
    const copies: unknown = outcome?.data?.["copies"];
    expect(copies).toMatchObject([{ node: expect.stringMatching(/^labs-abc123-0w-new-/) }]);
    expect([...nodes.keys()]).toEqual(["prod", "mon"]);
    expect(pods).toEqual([]);
  });

  test("makes that node as large as a worker, and like no other", async () => {
    const { seen, context } = scene((pod) => Object(pod["spec"]).nodeSelector?.["kubernetes.io/hostname"] ?? "");
    await run({ newNode: true, replicas: 1 }, context);
    const [joined, , copy] = seen;
    expect(joined?.metadata.labels).toEqual({
      "kubernetes.io/os": "linux",
      "kubernetes.io/hostname": joined?.metadata.name,
    });
    expect(joined).toMatchObject({
      spec: { taints: [{ key: "dev.labs/new-node", effect: "NoSchedule" }] },
      status: { capacity: { cpu: "4" }, allocatable: { cpu: "3" }, conditions: [{ type: "Ready", status: "True" }] },
    });
    expect(copy?.["spec"]).toMatchObject({ tolerations: [{ key: "dev.labs/new-node", operator: "Exists" }] });
  });

  test("is an error when the scheduler does not take up the new node", async () => {
    const { log, pods, nodes, undo, context } = scene(() => "");
    await expect(run({ newNode: true }, context)).rejects.toThrow("the new node was not taken up: 0/3 nodes");
    expect(log).not.toContain("create");
    await undo();
    expect([...nodes.keys()]).toEqual(["prod", "mon"]);
    expect(pods).toEqual([]);
  });

  test("gives copies the labels of the workload's pods where it is told to", async () => {
    const { seen, context } = scene(() => "prod");
    await run({ labels: true, replicas: 1 }, context);
    const [copy] = seen;
    expect(copy?.metadata.labels).toEqual({ app: "orders", "dev.labs/clone": copy?.metadata.name });
  });

  test("does not finish while the scheduler has not decided", async () => {
    const { log, context } = scene(() => undefined);
    expect(await run({ within: "2s", replicas: 1 }, context)).toMatchObject({
      finished: false,
      detail: "after 2 s: the scheduler has decided about 0 of 1 copies",
      data: { name: "p", copies: [] },
    });
    expect(log.at(-1)).toBe("remove");
  });

  test("says what keeps it from trying", async () => {
    const { context } = scene(() => "prod");
    expect((await run({ of: "deployment/gone" }, context))?.detail).toBe("deployment/gone does not exist");
    expect((await run({ cordoned: { env: "test" } }, context))?.detail).toBe("no node is labelled env=test");
    const full = scene(() => "prod", new KubeError("exceeded quota: pods", { status: 403 }));
    expect(await run({}, full.context)).toMatchObject({
      finished: false,
      detail: "no copy can be made: exceeded quota: pods",
    });
    const away = scene(() => "prod", new KubeError("no answer", { unreachable: true }));
    await expect(run({}, away.context)).rejects.toThrow("no answer");
  });

  test("is an error when somebody takes the copies away", async () => {
    const { pods, context } = scene(() => {
      queueMicrotask(() => pods.splice(0));
      return undefined;
    });
    await expect(run({ within: "1s" }, context)).rejects.toThrow("a copy of deployment/orders is gone");
  });

  test("is for what the scheduler places", () => {
    expect(place.params.safeParse({ name: "p", of: "container/api" }).success).toBe(false);
    expect(place.params.safeParse({ name: "p", of: "deployment/a", cordoned: {} }).success).toBe(false);
    expect(place.params.safeParse({ name: "p", of: "daemonset/a", labels: true }).success).toBe(false);
  });
});

test("a node that was opened or removed meanwhile is left alone", async () => {
  const entry = { id: "a", undo: "uncordon", params: { name: "prod" }, sentence: "" };
  const kube = fakeKube([node("prod", {})]);
  await undoEntry(entry, fakeKindSandbox({ kube }));
  await undoEntry({ ...entry, params: { name: "gone" } }, fakeKindSandbox({ kube }));
});
