import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { captureBaseline } from "../../src/sandbox/baseline/capture.ts";
import { compareBaseline, isEmpty } from "../../src/sandbox/baseline/compare.ts";
import { fakeKube } from "../fakes/kube.ts";

const node = (spec: object, labels: Record<string, string> = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n", labels, annotations: { "node.alpha.kubernetes.io/ttl": "0" } },
  spec,
  status: { capacity: {} },
});
const map = (name: string, data: object, namespace = "kube-system"): KubeObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name, namespace },
  data,
});
const role = (name: string, rest: object): KubeObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name },
  ...rest,
});

async function difference(before: KubeObject[], now: KubeObject[]) {
  const [first, second] = await Promise.all([captureBaseline(fakeKube(before)), captureBaseline(fakeKube(now))]);
  return compareBaseline(first, second);
}

describe("what controllers do", () => {
  const noise: [string, KubeObject, KubeObject][] = [
    [
      "a passing taint",
      node({}),
      node({ taints: [{ key: "node.kubernetes.io/memory-pressure", effect: "NoSchedule", timeAdded: "x" }] }),
    ],
    [
      "the rules of an aggregated role",
      role("a", { aggregationRule: {}, rules: [] }),
      role("a", { aggregationRule: {}, rules: [1] }),
    ],
    ["cluster-info", map("cluster-info", { a: "1" }, "kube-public"), map("cluster-info", { a: "2" }, "kube-public")],
    ["a ConfigMap of a lab", map("own", { a: "1" }, "shop"), map("own", { a: "2" }, "shop")],
  ];
  it.each(noise)("%s is no difference", async (_what, before, now) => {
    expect(isEmpty(await difference([before], [now]))).toBe(true);
  });

  it("pods of a Deployment come and go", async () => {
    const pod: KubeObject = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: "coredns-1",
        namespace: "kube-system",
        ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "coredns", uid: "1" }],
      },
    };
    expect(isEmpty(await difference([], [pod]))).toBe(true);
  });
});

describe("what people do", () => {
  it("tells added, deleted and changed objects apart", async () => {
    const found = await difference(
      [map("kept", { a: "1" }), map("gone", {}), role("own", { rules: [] })],
      [map("kept", { a: "2" }), map("new", {}), role("own", { rules: [{ verbs: ["*"] }] })],
    );
    expect(found.added.map(({ name }) => name)).toEqual(["new"]);
    expect(found.deleted.map(({ name }) => name)).toEqual(["gone"]);
    expect(found.changed.map(({ before }) => before.name).sort()).toEqual(["kept", "own"]);
  });

  it.each([
    ["a taint", node({ taints: [{ key: "dedicated", value: "x", effect: "NoSchedule" }] })],
    ["a label", node({}, { disk: "ssd" })],
    ["a cordon", node({ unschedulable: true })],
  ])("%s on a node is a change", async (_what, now) => {
    expect((await difference([node({})], [now])).changed).toHaveLength(1);
  });
});
