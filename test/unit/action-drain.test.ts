import { expect, test } from "vitest";
import { drain } from "../../src/experiments/actions/drain.ts";
import type { Kube, KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { drainedCluster, fakeNode, fakePodOn } from "../fakes/nodes.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";

interface Scene {
  readonly on: readonly string[];
  readonly mayBeAway: number;
  readonly extra?: readonly KubeObject[];
  readonly request?: Kube["request"];
}

const unreachable = () => Promise.reject(new Error("API server could not be reached"));

async function drained({ on, mayBeAway, extra = [], request }: Scene) {
  const rt = fakeRuntime();
  const cluster = drainedCluster(() => rt.clock.now(), { on, mayBeAway });
  for (const one of extra) {
    const at = cluster.objects.findIndex(({ metadata }) => metadata.name === one.metadata.name);
    cluster.objects.splice(at < 0 ? cluster.objects.length : at, at < 0 ? 0 : 1, one);
  }
  const kube = request === undefined ? cluster.kube : { ...cluster.kube, request };
  const context = fakeActionContext({
    rt,
    sandbox: fakeKindSandbox({ kube }),
    journal: {
      open: async (entry) => {
        cluster.log.push(`open ${entry.undo} ${String(entry.params["name"])}`);
        return async () => {
          await kube.patch(
            { kind: "Node", name: String(entry.params["name"]) },
            { spec: { unschedulable: null } },
            "merge",
          );
        };
      },
    },
  });
  const params = drain.params.parse({ nodesOf: "deployment/checkout", within: "60s" });
  return { outcome: await drain.run?.(params, context), log: cluster.log };
}

test("empties one node after the other and opens each again", async () => {
  const { outcome, log } = await drained({ on: ["worker", "worker", "worker2"], mayBeAway: 1 });
  expect(outcome).toMatchObject({
    finished: true,
    detail: "worker empty after 8.0 s, worker2 empty after 11.0 s",
    data: { seconds: { worker: 8, worker2: 11 } },
  });
  expect(log).toEqual([
    "open uncordon worker",
    "cordon worker",
    "evict old-0",
    "evict old-1",
    "uncordon worker",
    "open uncordon worker2",
    "cordon worker2",
    "evict old-2",
    "evict new-1",
    "evict new-2",
    "uncordon worker2",
  ]);
});

test("is not finished while a budget lets nobody go, and opens the node", async () => {
  const { outcome, log } = await drained({ on: ["worker", "worker2"], mayBeAway: 0 });
  const refusal = "429 from poddisruptionbudget/checkout: needs 2 healthy pods and has 2";
  expect(outcome).toMatchObject({
    finished: false,
    detail: `worker is not empty after 60 s: for 60 s old-0 stays: ${refusal}`,
    targets: [],
  });
  expect(log).toEqual(["open uncordon worker", "cordon worker", "uncordon worker"]);
});

test("is not finished where no worker hosts the workload", async () => {
  const { outcome, log } = await drained({ on: ["control-plane"], mayBeAway: 1 });
  expect(outcome).toMatchObject({
    finished: false,
    detail: "no worker node hosts a pod of deployment/checkout",
  });
  expect(log).toEqual([]);
});

test("gives up at once where no repetition helps", async () => {
  const body = { message: "This pod has more than one PodDisruptionBudget" };
  const request = async () => ({ status: 500, text: "", body });
  const { outcome } = await drained({ on: ["worker"], mayBeAway: 1, request });
  expect(outcome).toMatchObject({
    finished: false,
    detail: `worker is not empty after 0 s: old-0 cannot be evicted: status 500: ${body.message}`,
  });
});

test("throws what the API server could not answer", async () => {
  await expect(drained({ on: ["worker"], mayBeAway: 1, request: unreachable })).rejects.toThrow("could not be reached");
});

test("leaves a node closed that was closed before", async () => {
  const extra = [fakeNode("worker", { cordoned: true })];
  const { outcome, log } = await drained({ on: ["worker"], mayBeAway: 1, extra });
  expect(outcome).toMatchObject({ finished: true });
  expect(log.filter((line) => line.endsWith(" worker"))).toEqual([]);
});

test("leaves what belongs to the node", async () => {
  const daemon = fakePodOn("worker", "kindnet");
  daemon.metadata.ownerReferences = [
    { apiVersion: "apps/v1", kind: "DaemonSet", name: "kindnet", uid: "d", controller: true },
  ];
  const mirror = fakePodOn("worker", "static");
  mirror.metadata.annotations = { "kubernetes.io/config.mirror": "x" };
  delete mirror.metadata.ownerReferences;
  const others = [daemon, mirror].map((pod) => ({ ...pod, metadata: { ...pod.metadata, namespace: "kube-system" } }));
  const { outcome } = await drained({ on: ["worker"], mayBeAway: 1, extra: others });
  expect(outcome).toMatchObject({ finished: true, targets: ["old-0", "new-1"] });
});
