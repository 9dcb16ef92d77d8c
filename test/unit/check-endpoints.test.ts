import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeService, fakeSlice } from "../fakes/slices.ts";

const spec = { type: "endpoints", service: "payments", workload: "deployment/payments", ready: { atLeast: 2 } };

function pod(name: string, ip: string, parts: Parameters<typeof fakePod>[1] = {}): KubeObject {
  const made = fakePod(name, parts);
  return { ...made, status: { ...Object(made["status"]), podIP: ip } };
}

const workload = [fakeDeployment(), fakeReplicaSet(1)];
const both = [pod("a", "10.244.0.1"), pod("b", "10.244.0.2")];
const a = { ip: "10.244.0.1", pod: "a", uid: "pod-a" };
const b = { ip: "10.244.0.2", pod: "b", uid: "pod-b" };
const fine = [fakeService("payments"), ...workload, ...both];

async function see(objects: readonly KubeObject[], given = spec) {
  const { outcome, observed } = await runCheck(given, fakeCheckContext(objects));
  return [outcome, observed];
}

describe("endpoints", () => {
  it("passes where the ready addresses are the ready pods", async () => {
    const seen = await runCheck(spec, fakeCheckContext([...fine, fakeSlice("payments", [a, { ...b, ready: true }])]));
    expect(seen).toMatchObject({
      outcome: "pass",
      expected: "service/payments leads to every ready pod of deployment/payments (at least 2) and to nothing else",
      observed: "2 ready addresses, all of them pods of deployment/payments",
      lookAt: "kubectl -n shop get endpointslices -l kubernetes.io/service-name=payments -o yaml",
    });
  });

  it("takes addresses from all slices, and leaves out those that are not ready", async () => {
    const off = pod("c", "10.244.0.3", { ready: false });
    const slices = [fakeSlice("payments", [a]), fakeSlice("payments", [b], "more")];
    const unready = fakeSlice("payments", [{ ip: "10.244.0.3", pod: "c", uid: "pod-c", ready: false }], "rest");
    expect((await see([...fine, off, ...slices, unready]))[0]).toBe("pass");
  });

  it.each<[string, readonly KubeObject[], string]>([
    ["there is no slice", [], "pod/a is ready and gets no requests; pod/b is ready"],
    ["a ready pod is missing", [fakeSlice("payments", [a])], "pod/b is ready and gets no requests"],
    [
      "a pod of others is behind it",
      [fakeSlice("payments", [a, b, { ip: "10.244.0.9", pod: "x" }])],
      "10.244.0.9 is no pod of",
    ],
    [
      "an address is of nobody",
      [fakeSlice("payments", [a, b, { ip: "10.0.0.1" }])],
      "10.0.0.1 is no pod of deployment/payments",
    ],
    ["an address is not its pod's", [fakeSlice("payments", [a, { ...b, ip: "10.9.9.9" }])], "10.9.9.9 is no pod of"],
    ["a slice was made by hand", [fakeSlice("payments", [a, b], "hand")], "10.244.0.1 stands in payments-hand"],
  ])("fails where %s", async (_name, slices, told) => {
    const [outcome, observed] = await see([...fine, ...slices]);
    expect([outcome, observed]).toEqual(["fail", expect.stringContaining(told)]);
  });

  it("fails where a pod gets requests though it is not ready", async () => {
    const objects = [fakeService("payments"), ...workload, pod("a", "10.244.0.1", { ready: false })];
    const seen = await see([...objects, fakeSlice("payments", [{ ...a, ready: true }])]);
    expect(seen).toEqual(["fail", expect.stringContaining("pod/a is not ready and gets requests all the same")]);
  });

  it("fails where nothing is ready on either side", async () => {
    const objects = [fakeService("payments"), ...workload, pod("a", "10.244.0.1", { ready: false })];
    const seen = await see([...objects, fakeSlice("payments", [{ ...a, ready: false }])]);
    expect(seen).toEqual(["fail", expect.stringContaining("none of its 1 addresses is ready, nor are 1 of the pods")]);
  });

  it("fails where the Service selects nothing, or there is none, or no workload", async () => {
    const slice = fakeSlice("payments", [a, b]);
    const selectless = [fakeService("payments", {}), ...workload, ...both, slice];
    expect(await see(selectless)).toEqual(["fail", "it selects nothing, so nobody keeps its addresses"]);
    expect(await see([...workload, ...both])).toEqual(["fail", "no service/payments in namespace shop"]);
    expect(await see([fakeService("payments"), slice])).toEqual(["fail", "no deployment/payments in namespace shop"]);
  });

  it("fails outside of the wanted number", async () => {
    const objects = [...fine, fakeSlice("payments", [a, b])];
    expect(await see(objects, { ...spec, ready: { atLeast: 3 } })).toEqual(["fail", "2 ready addresses"]);
  });

  it("does not wait for pods that are leaving, and knows those of an older template", async () => {
    const leaving = pod("c", "10.244.0.3", { terminating: true });
    const old = pod("d", "10.244.0.4", { revision: 1 });
    const replicaSets = [fakeReplicaSet(2)];
    const slice = fakeSlice("payments", [a, b, { ip: "10.244.0.4", pod: "d", uid: "pod-d" }]);
    expect((await see([...fine, ...replicaSets, leaving, old, slice]))[0]).toBe("pass");
  });
});
