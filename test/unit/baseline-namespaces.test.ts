import { expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { removeNamespaces } from "../../src/sandbox/baseline/remove-namespaces.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";

const resources = [
  { apiVersion: "v1", kind: "Pod", plural: "pods", namespaced: true, verbs: ["list", "deletecollection"] },
  // The same objects as those of v1, which stand for both.
  {
    apiVersion: "events.k8s.io/v1",
    kind: "Event",
    plural: "events",
    namespaced: true,
    verbs: ["list", "deletecollection"],
  },
  { apiVersion: "v1", kind: "Binding", plural: "bindings", namespaced: true, verbs: ["create"] },
];

/** A namespace whose pods are gone after some looks (-1: never), or by force unless `held`. */
function goingKube(looks: number, deletedAt?: string, held = false, rt = fakeRuntime()) {
  const calls: string[] = [];
  const deletions: number[] = [];
  const graces: number[] = [];
  const namespace: KubeObject = {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { name: "shop" },
    spec: { finalizers: ["kubernetes"] },
  };
  const objects = [namespace];
  let left = looks;
  const kube = fakeKube(objects, {
    // Whole seconds of a clock that nobody sets.
    time: async () => Date.parse("2026-01-01T00:00:00Z") + Math.floor(rt.clock.elapsed() / 1000) * 1000,
    resources: async () => resources,
    delete: async ({ name }) => {
      if (name !== "shop") return false;
      deletions.push(rt.clock.elapsed());
      namespace.metadata.deletionTimestamp ??=
        deletedAt ??
        new Date(Date.parse("2026-01-01T00:00:00Z") + Math.floor(rt.clock.elapsed() / 1000) * 1000).toISOString();
      return true;
    },
    request: async (method, path, options) => {
      calls.push(`${method} ${path}`);
      if (method === "DELETE") {
        const { gracePeriodSeconds } = Object(options?.body);
        graces.push(gracePeriodSeconds);
        // By force pods are gone, whatever keeps them. Of those with a finalizer that is not true.
        if (gracePeriodSeconds === 0 && !held) left = 0;
      }
      if (method === "PUT") {
        expect(options?.body).toMatchObject({ spec: { finalizers: [] } });
        objects.length = 0;
      }
      const items = method === "GET" && left !== 0 ? [{}] : [];
      if (method === "GET" && left > 0) left -= 1;
      return { status: 200, text: "", body: { items } };
    },
  });
  return { kube, calls, graces, deletions };
}

it("lets the namespace go as soon as nothing is left in it", async () => {
  const { kube, calls } = goingKube(1);
  const rt = fakeRuntime();
  const started = rt.clock.now();
  expect(await removeNamespaces(rt, kube, ["shop", "never-there"])).toEqual([]);
  const pods = "/api/v1/namespaces/shop/pods";
  expect(calls).toEqual([
    // First what is in it,
    `GET ${pods}?limit=1`,
    `DELETE ${pods}`,
    `GET ${pods}?limit=1`,
    // then the namespace, before its controller gives the pods all the grace they ask for.
    `DELETE ${pods}`,
    `GET ${pods}?limit=1`,
    "PUT /api/v1/namespaces/shop/finalize",
  ]);
  expect(rt.clock.now() - started).toBeLessThan(1000);
});

it("ends pods by force that have not gone after two seconds, and then lets the namespace go", async () => {
  const rt = fakeRuntime();
  const { kube, graces, calls } = goingKube(-1);
  const killed: string[] = [];
  const endNow = async (namespace: string): Promise<void> => {
    killed.push(namespace);
  };
  expect(await removeNamespaces(rt, kube, ["shop"], endNow)).toEqual([]);
  expect(killed).toEqual(["shop"]);
  expect(graces.filter((grace) => grace === 0)).toHaveLength(1);
  expect(calls.at(-1)).toBe("PUT /api/v1/namespaces/shop/finalize");
  expect(rt.clock.now() - Date.parse("2026-01-01T00:00:00Z")).toBeLessThan(3000);
});

it("deletes the namespace once its pods have ended, however long they take, and lets it go at once", async () => {
  const rt = fakeRuntime();
  const { kube, calls, deletions } = goingKube(25, undefined, true, rt);
  expect(await removeNamespaces(rt, kube, ["shop"])).toEqual([]);
  expect(deletions[0]).toBeGreaterThan(2000);
  expect(rt.clock.elapsed() - (deletions[0] ?? 0)).toBeLessThan(1000);
  expect(calls.at(-1)).toBe("PUT /api/v1/namespaces/shop/finalize");
});

it("leaves one to its controller while that may be at work on it", async () => {
  const rt = fakeRuntime();
  const { kube, calls } = goingKube(0, "2025-12-31T23:59:56Z", false, rt);
  expect(await removeNamespaces(rt, kube, ["shop"])).toEqual([]);
  expect(calls.filter((call) => call.startsWith("PUT"))).toHaveLength(1);
  const age = rt.clock.now() - Date.parse("2025-12-31T23:59:56Z");
  expect(age).toBeGreaterThanOrEqual(12_000);
  expect(age).toBeLessThan(13_000);
});

it.each([-3600_000, 3600_000])("does so too when this machine's clock is %s ms ahead", async (ahead) => {
  const clock = fakeClock();
  const rt = fakeRuntime({ clock });
  const { kube } = goingKube(0, "2025-12-31T23:59:56Z", false, rt);
  clock.step(ahead);
  expect(await removeNamespaces(rt, kube, ["shop"])).toEqual([]);
  expect(clock.elapsed()).toBeGreaterThanOrEqual(7000);
  expect(clock.elapsed()).toBeLessThan(10_000);
});

it("never finalizes what is not empty, and says what holds it", async () => {
  const { kube, calls } = goingKube(-1, undefined, true);
  expect(await removeNamespaces(fakeRuntime(), kube, ["shop"])).toEqual([
    { namespace: "shop", why: "pods left in it" },
  ]);
  expect(calls.some((call) => call.startsWith("PUT"))).toBe(false);
});
