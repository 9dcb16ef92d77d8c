import { expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { removeNamespaces } from "../../src/sandbox/baseline/remove-namespaces.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const resources = [
  { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true, verbs: ["list", "deletecollection"] },
  { apiVersion: "v1", kind: "Binding", plural: "bindings", namespaced: true, verbs: ["create"] },
];

/** A namespace whose pods are gone after some looks (-1: never). */
function goingKube(looks: number, deletedAt = "2026-01-01T00:00:00Z") {
  const calls: string[] = [];
  const namespace: KubeObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop" },
    spec: { finalizers: ["kubernetes"] },
  };
  const objects = [namespace];
  let left = looks;
  const kube = fakeKube(objects, {
    resources: async () => resources,
    delete: async ({ name }) => {
      if (name !== "shop") return false;
      namespace.metadata.deletionTimestamp = deletedAt;
      return true;
    },
    request: async (method, path, options) => {
      calls.push(`${method} ${path}`);
      if (method === "DELETE") expect(options?.body).toMatchObject({ gracePeriodSeconds: 1 });
      if (method === "PUT") {
        expect(options?.body).toMatchObject({ spec: { finalizers: [] } });
        objects.length = 0;
      }
      const items = method === "GET" && left !== 0 ? [{}] : [];
      if (method === "GET" && left > 0) left -= 1;
      return { status: 200, text: "", body: { items } };
    },
  });
  return { kube, calls };
}

it("lets the namespace go as soon as nothing is left in it", async () => {
  const { kube, calls } = goingKube(1);
  const rt = fakeRuntime();
  const started = rt.clock.now();
  expect(await removeNamespaces(rt, kube, ["shop", "never-there"])).toEqual([]);
  const pods = "/api/v1/namespaces/shop/pods";
  expect(calls).toEqual([
    // Together with the namespace, before its controller gives the pods all the grace they ask for.
    `DELETE ${pods}`,
    "DELETE /api/v1/namespaces/never-there/pods",
    `GET ${pods}?limit=1`,
    `DELETE ${pods}`,
    // What there was, then everything.
    `GET ${pods}?limit=1`,
    `GET ${pods}?limit=1`,
    "PUT /api/v1/namespaces/shop/finalize",
  ]);
  expect(rt.clock.now() - started).toBeLessThan(1000);
});

it("leaves one that has been going for a while to its controller, which may be at work on it", async () => {
  const { kube, calls } = goingKube(0, "2025-12-31T23:59:56Z");
  await removeNamespaces(fakeRuntime(), kube, ["shop"]);
  expect(calls.some((call) => call.startsWith("PUT"))).toBe(false);
});

it("never finalizes what is not empty, and says what holds it", async () => {
  const { kube, calls } = goingKube(-1);
  expect(await removeNamespaces(fakeRuntime(), kube, ["shop"])).toEqual([
    { namespace: "shop", why: "pods left in it" },
  ]);
  expect(calls.some((call) => call.startsWith("PUT"))).toBe(false);
});
