import { describe, expect, test } from "vitest";
import type { KubeObject, WatchEvent } from "../../src/kube/kube.ts";
import { isReady, rollout, workloadState } from "../../src/kube/workload.ts";
import { workloadPods } from "../../src/system/current-pods.ts";
import { restartsOf } from "../../src/system/pod.ts";
import { serviceEndpoints } from "../../src/system/service-endpoints.ts";
import { watchPods } from "../../src/system/watch-pods.ts";
import { fakeClock } from "../fakes/clock.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";
import { fakeSlice } from "../fakes/slices.ts";

const ended = (reason: string, exitCode: number) => ({ terminated: { reason, exitCode, finishedAt: "2026-01-01" } });

function withInit(pod: KubeObject, init: object): KubeObject {
  return { ...pod, status: { ...Object(pod["status"]), initContainerStatuses: [{ name: "init", ...init }] } };
}

function inSet(name: string, hash: string, ready = true): KubeObject {
  const pod = fakePod(name, { ready });
  const owner = { apiVersion: "apps/v1", kind: "StatefulSet", name: "payments", uid: "d-payments", controller: true };
  pod.metadata.ownerReferences = [owner];
  pod.metadata.labels = { app: "payments", "controller-revision-hash": hash };
  return pod;
}

const sets = [fakeReplicaSet(1), fakeReplicaSet(2)];
const set = { ...fakeDeployment({ status: { updateRevision: "new" } }), kind: "StatefulSet" };

/** What a list tells of the workload. */
async function live(objects: readonly KubeObject[], kind: "deployment" | "statefulset") {
  const found = await workloadPods(fakeKube(objects), "shop", { kind, name: "payments" });
  if (found === undefined) throw new Error("no workload");
  return {
    pods: [...found.current, ...found.old]
      .map((pod) => ({
        name: pod.metadata.name,
        current: found.current.includes(pod),
        ready: isReady(pod),
        restarts: restartsOf(pod),
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    available: workloadState(found.object).available,
  };
}

/** What a watch has written down when it was told of the same objects one by one, in this order. */
async function recorded(objects: readonly KubeObject[], kind: string) {
  const there: KubeObject[] = [];
  const listeners = new Map<string, (event: WatchEvent) => void>();
  const kube = fakeKube(there, {
    watch: (query, onEvent, signal) => {
      listeners.set(query.kind, onEvent);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
    },
  });
  const watch = await watchPods(kube, ["shop"], fakeClock());
  for (const object of objects) listeners.get(object.kind)?.({ type: "ADDED", object });
  there.push(...objects);
  const { pods, available } = await watch.stop();
  const last = new Map(pods.map((pod) => [pod.uid, pod]));
  return {
    pods: [...last.values()]
      .filter((pod) => pod.workload === `${kind}/payments`)
      .map(({ name, current, ready, restarts }) => ({ name, current, ready, restarts }))
      .sort((a, b) => a.name.localeCompare(b.name)),
    available: available.at(-1)?.available,
  };
}

describe("a list and a record tell the same of", () => {
  test.each<[string, KubeObject[], [name: string, current: boolean, ready: boolean, restarts: number][]]>([
    ["a pod that runs", [...sets, fakePod("a", { revision: 2 })], [["a", true, true, 0]]],
    [
      "an init container that failed and was started again",
      [...sets, withInit(fakePod("a", { revision: 2 }), { restartCount: 2, state: ended("Completed", 0) })],
      [["a", true, true, 2]],
    ],
    [
      "an init container that waits for its next try",
      [
        ...sets,
        withInit(fakePod("a", { revision: 2, ready: false }), {
          restartCount: 1,
          state: { waiting: { reason: "CrashLoopBackOff" } },
          lastState: ended("Error", 1),
        }),
      ],
      [["a", true, false, 2]],
    ],
    [
      "a container that was killed just now",
      [...sets, fakePod("a", { revision: 2, ready: false, restarts: 3, state: ended("OOMKilled", 137) })],
      [["a", true, false, 4]],
    ],
    [
      "a pod whose container ended because the pod is deleted",
      [...sets, fakePod("a", { revision: 2, ready: false, terminating: true, state: ended("Completed", 0) })],
      [["a", false, false, 0]],
    ],
    [
      "a pod that has failed for good",
      [...sets, fakePod("a", { revision: 2, ready: false, phase: "Failed", state: ended("Error", 1) })],
      [["a", true, false, 0]],
    ],
    [
      "pods of an old ReplicaSet",
      [...sets, fakePod("a"), fakePod("b", { revision: 2, ready: false })],
      [
        ["a", false, true, 0],
        ["b", true, false, 0],
      ],
    ],
    [
      "pods of an old ReplicaSet when the new one is told of last",
      [fakeReplicaSet(1), fakePod("a"), fakeReplicaSet(2)],
      [["a", false, true, 0]],
    ],
    ["a pod that is told of before its ReplicaSet", [fakePod("a"), fakeReplicaSet(1)], [["a", true, true, 0]]],
    ["a pod that leaves", [...sets, fakePod("a", { revision: 2, terminating: true })], [["a", false, true, 0]]],
  ])("%s", async (_what, objects, expected) => {
    const all = [fakeDeployment({ status: { availableReplicas: 1 } }), ...objects];
    const there = await live(all, "deployment");
    expect(there.pods.map(({ name, current, ready, restarts }) => [name, current, ready, restarts])).toEqual(expected);
    expect(await recorded(all, "deployment")).toEqual(there);
  });

  test("a StatefulSet in the middle of a roll", async () => {
    const all = [set, inSet("payments-0", "old"), inSet("payments-1", "new", false)];
    const there = await live(all, "statefulset");
    expect(there.pods.map(({ name, current }) => [name, current])).toEqual([
      ["payments-0", false],
      ["payments-1", true],
    ]);
    expect(await recorded(all, "statefulset")).toEqual(there);
  });

  test("a roll that is paused: it is short of new pods, and both kinds are there", async () => {
    const status = { updatedReplicas: 1, replicas: 3, availableReplicas: 2 };
    const paused = fakeDeployment({ spec: { paused: true }, status });
    const all = [paused, ...sets, fakePod("a"), fakePod("b"), fakePod("c", { revision: 2 })];
    expect(rollout(workloadState(paused))).toBe("short");
    const there = await live(all, "deployment");
    expect(there.pods.filter(({ current }) => current).map(({ name }) => name)).toEqual(["c"]);
    expect(await recorded(all, "deployment")).toEqual(there);
  });

  test("the ready pods and the addresses of their Service", async () => {
    const slice = fakeSlice("payments", [
      { ip: "10.244.0.9", pod: "a", uid: "pod-a", ready: true },
      { ip: "10.244.0.8", pod: "b", uid: "pod-b", ready: false },
    ]);
    const all = [fakeDeployment(), ...sets, fakePod("a", { revision: 2 }), fakePod("b", { revision: 2, ready: false })];
    const endpoints = await serviceEndpoints(fakeKube([slice]), "shop", "payments");
    const ready = endpoints.filter((one) => one.ready).map((one) => one.pod);
    const seen = await recorded(all, "deployment");
    expect(seen.pods.filter((pod) => pod.ready).map((pod) => `pod-${pod.name}`)).toEqual(ready);
    expect(seen).toEqual(await live(all, "deployment"));
  });
});
