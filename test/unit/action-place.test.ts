import { describe, expect, test } from "vitest";
import type { ActionContext } from "../../src/experiments/action.ts";
import { place } from "../../src/experiments/actions/place.ts";
import { undoEntry } from "../../src/experiments/undo.ts";
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

/** Nodes prod and mon, deployment/orders, and a scheduler that decides as it is told: a node, "" for nowhere, undefined for not yet. */
function scene(decide: (pod: KubeObject) => string | undefined, refuse?: KubeError) {
  const log: string[] = [];
  const taint = { key: "dedicated", value: "monitoring", effect: "NoSchedule" };
  const nodes = new Map([
    ["prod", node("prod", { env: "prod" })],
    ["mon", node("mon", { pool: "monitoring" }, [taint, { key: "node.kubernetes.io/disk-pressure" }])],
  ]);
  const objects = (): KubeObject[] => [fakeDeployment("orders", 2), ...nodes.values(), ...pods];
  const pods: KubeObject[] = [];
  const kube = fakeKube([], {
    get: (ref) => fakeKube(objects()).get(ref),
    list: (query) => fakeKube(objects()).list(query),
    create: async (pod) => {
      if (refuse !== undefined) throw refuse;
      log.push("create");
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
    delete: async () => log.push("remove") > 0,
  });
  const sandbox = fakeKindSandbox({ kube });
  const journal: ActionContext["journal"] = {
    open: async (entry) => {
      log.push(`journal ${entry.undo}`);
      return () => undoEntry({ id: "x", ...entry }, sandbox);
    },
  };
  return { log, pods, context: { ...fakeActionContext({ sandbox }), journal } };
}

function run(given: Record<string, unknown>, context: ActionContext) {
  return place.run?.(place.params.parse({ name: "p", of: "deployment/orders", ...given }), context);
}

describe("place", () => {
  test("notes where copies went, and takes them away", async () => {
    const { log, pods, context } = scene((pod) => (pod.metadata.name.endsWith("1") ? "prod" : ""));
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
    expect(pods[0]).toMatchObject({
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
    const { pods, context } = scene(() => "mon");
    await run({ ignoreTaints: true, replicas: 1 }, context);
    expect(pods[0]?.["spec"]).toMatchObject({ tolerations: [{ key: "dedicated", operator: "Exists" }] });
  });

  test("gives copies the labels of the workload's pods where it is told to", async () => {
    const { pods, context } = scene(() => "prod");
    await run({ labels: true, replicas: 1 }, context);
    const [copy] = pods;
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
