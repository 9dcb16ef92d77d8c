import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { podsOfWorkload } from "../../src/system/current-pods.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";

const names = (pods: readonly KubeObject[]) => pods.map(({ metadata }) => metadata.name);
const read = (pods: readonly KubeObject[], sets: readonly KubeObject[], object = fakeDeployment()) => {
  const { current, old } = podsOfWorkload(object, pods, sets);
  return { current: names(current), old: names(old) };
};

function inSet(name: string, hash: string): KubeObject {
  const pod = fakePod(name);
  const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "payments", uid: "d-payments", controller: true };
  pod.metadata.ownerReferences = [owner];
  pod.metadata.labels = { "controller-revision-hash": hash };
  return pod;
}

describe("the pods of a workload", () => {
  test("are current when they are of its newest ReplicaSet and do not leave", () => {
    const pods = [fakePod("a"), fakePod("b", { revision: 2 }), fakePod("c", { revision: 2, terminating: true })];
    expect(read(pods, [fakeReplicaSet(1), fakeReplicaSet(2)])).toEqual({ current: ["b"], old: ["a", "c"] });
  });

  test("are of the ReplicaSet that a rollback made the newest again", () => {
    const again = fakeReplicaSet(1);
    again.metadata.annotations = { "deployment.kubernetes.io/revision": "3" };
    const pods = [fakePod("a"), fakePod("b", { revision: 2 })];
    expect(read(pods, [again, fakeReplicaSet(2)])).toEqual({ current: ["a"], old: ["b"] });
  });

  test("are those of the object, not of an earlier one of the same name", () => {
    const left = fakeReplicaSet(1);
    const owner = { apiVersion: "apps/v1", kind: "Deployment", name: "payments", uid: "before", controller: true };
    left.metadata.ownerReferences = [owner];
    expect(read([fakePod("a")], [left])).toEqual({ current: [], old: [] });
  });

  test("are known by the name of their ReplicaSet where it is not listed (yet)", () => {
    const pod = fakePod("a");
    pod.metadata.labels = { "pod-template-hash": "1" };
    expect(read([pod], [])).toEqual({ current: ["a"], old: [] });
    const other = fakePod("b");
    other.metadata.labels = { "pod-template-hash": "x" };
    expect(read([other], [])).toEqual({ current: [], old: [] });
  });

  test("of a StatefulSet are current by its newest revision", () => {
    const set = { ...fakeDeployment({ status: { updateRevision: "new" } }), kind: "StatefulSet" };
    const pods = [inSet("payments-0", "old"), inSet("payments-1", "new")];
    expect(read(pods, [], set)).toEqual({ current: ["payments-1"], old: ["payments-0"] });
  });
});
