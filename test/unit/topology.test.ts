import { expect, it } from "vitest";
import { topologyHash } from "../../src/lab/topology.ts";
import { clusterName, isClusterName } from "../../src/sandbox/kind/cluster-name.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const plain = { provider: "kind", workers: 1, fresh: false } as const;

it("gives clusters that are built alike one name, and others another", () => {
  const rt = fakeRuntime();
  const name = clusterName(rt, plain);
  expect(name).toMatch(/^labs-[0-9a-f]{6}-[0-9a-f]{6}$/);
  expect(clusterName(rt, { ...plain, fresh: true })).toBe(name);
  expect(clusterName(rt, { fresh: false, workers: 1, provider: "kind" })).toBe(name);
  expect(clusterName(rt, { ...plain, images: ["labs/debian:13"] })).toBe(name);
  expect(clusterName(rt, { ...plain, workers: 2 })).not.toBe(name);
  expect(clusterName(rt, { ...plain, addons: ["metrics"] })).not.toBe(name);
  expect(isClusterName(name)).toBe(true);
});

it("keeps the names that clusters have already", () => {
  // What these are computed from must not change: a home would no longer find the cluster that it keeps.
  expect([0, 1, 2].map((workers) => topologyHash({ ...plain, workers }))).toEqual(["debb2d", "94d065", "18eb3f"]);
  expect(["labs-abc123-0w", "labs-abc123-12w"].every(isClusterName)).toBe(true);
  expect(["labs-abc123", "labs-abc123-w", "labs-abc123-agent", "labs-abc123-4d5e6"].some(isClusterName)).toBe(false);
});
