import { expect, it } from "vitest";
import type { KubeObject, ObjectRef } from "../../src/kube/kube.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { captureBaseline } from "../../src/sandbox/baseline/capture.ts";
import { mergePatch, patchedPaths } from "../../src/sandbox/baseline/merge-patch.ts";
import { restoreBaseline } from "../../src/sandbox/baseline/restore.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const node = (spec: object, labels: Record<string, string>): KubeObject => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "worker", labels },
  spec,
});
const role = (name: string): KubeObject => ({
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRole",
  metadata: { name },
  rules: [],
});

/** A cluster that can be written to, as far as restoring needs it. */
function writableKube(objects: KubeObject[], refuse: (ref: ObjectRef) => boolean = () => false) {
  const patches: unknown[] = [];
  const kube = fakeKube(objects, {
    create: async (object) => {
      objects.push(object);
      return object;
    },
    delete: async (ref) => {
      if (refuse(ref)) throw new KubeError("denied by webhook", { status: 403 });
      const index = objects.findIndex(({ kind, metadata }) => kind === ref.kind && metadata.name === ref.name);
      if (index >= 0) objects.splice(index, 1);
      return index >= 0;
    },
    patch: async (ref, patch) => {
      patches.push(patch);
      const index = objects.findIndex(({ kind, metadata }) => kind === ref.kind && metadata.name === ref.name);
      objects[index] = node({}, { zone: "a" });
      return node({}, {});
    },
  });
  return { kube, patches };
}

it("removes additions, recreates deletions, puts changes back, and names each", async () => {
  const baseline = await captureBaseline(fakeKube([node({}, { zone: "a" }), role("kept")]));
  const tainted = { taints: [{ key: "dedicated", value: "monitoring", effect: "NoSchedule" }], unschedulable: true };
  const { kube, patches } = writableKube([node(tainted, { disk: "ssd" }), role("left")]);
  const restored = await restoreBaseline(fakeRuntime(), kube, baseline);
  expect(restored.cleaned.sort()).toEqual([
    "clusterrole/kept recreated",
    "clusterrole/left removed",
    "node worker: label disk removed",
    "node worker: label zone=a put back",
    "node worker: taint dedicated=monitoring:NoSchedule removed",
    "node worker: uncordoned",
  ]);
  expect(patches).toEqual([
    { metadata: { labels: { disk: null, zone: "a" } }, spec: { taints: null, unschedulable: null } },
  ]);
  expect(restored).toMatchObject({ held: true, left: [] });
});

it("says what would not go", async () => {
  const baseline = await captureBaseline(fakeKube([]));
  const { kube } = writableKube([role("left"), role("stuck")], ({ name }) => name === "stuck");
  const restored = await restoreBaseline(fakeRuntime(), kube, baseline);
  expect(restored.cleaned).toEqual(["clusterrole/left removed"]);
  expect(restored.held).toBe(false);
  expect(restored.left).toEqual(["clusterrole/stuck: denied by webhook", "clusterrole/stuck is still there"]);
});

it("makes patches that remove what came and set what went", () => {
  expect(mergePatch({ a: 1, b: { c: 1, d: [1] } }, { b: { c: 1, d: [2] }, e: 1 })).toEqual({
    a: null,
    b: { d: [2] },
    e: 1,
  });
  expect(mergePatch({ a: [1] }, { a: [1] })).toBeUndefined();
  expect(patchedPaths({ data: { Corefile: "x" }, spec: { replicas: 1 } })).toEqual(["data.Corefile", "spec.replicas"]);
});
