import { describe, expect, test } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { rollout, workloadState } from "../../src/kube/workload.ts";
import { notReady } from "../../src/sandbox/kind/cluster-ready.ts";
import { workloadProblem } from "../../src/scenario/kind/workload-health.ts";
import { workloadReadiness } from "../../src/system/settle.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";

const payments = (status: object = {}, spec: object = {}) => fakeDeployment({ status, spec });

function daemon(status: object): KubeObject {
  const whole = { desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberReady: 1, numberAvailable: 1 };
  return { ...fakeDeployment({ status: { observedGeneration: 2, ...whole, ...status } }), kind: "DaemonSet" };
}

const node = {
  apiVersion: "v1",
  kind: "Node",
  metadata: { name: "n1" },
  status: { conditions: [{ type: "Ready", status: "True" }] },
};

/** What each of those who ask says of the same workload, with two ready pods. */
async function answers(workload: KubeObject) {
  const there = [workload, fakeReplicaSet(1), fakePod("a"), fakePod("b")];
  const sandbox = fakeKindSandbox({ kube: fakeKube(there) });
  const ref = { kind: "deployment", name: "payments" } as const;
  const readiness = await workloadReadiness({ sandbox, namespace: "shop" }, ref);
  const check = await runCheck({ type: "workload-ready", workload: "deployment/payments" }, fakeCheckContext(there));
  const ofCluster = { ...workload, metadata: { ...workload.metadata, namespace: "kube-system" } };
  return {
    start: workloadProblem(workload) === undefined,
    settle: readiness.problem === undefined,
    check: check.outcome === "pass",
    cluster: (await notReady(fakeKube([node, ofCluster]), 1)) === undefined,
  };
}

describe("a workload is ready for all who ask, or for none", () => {
  test.each([
    ["whole", payments(), "whole"],
    ["not seen by its controller", payments({ observedGeneration: 1 }), "unobserved"],
    ["with pods of its old template", payments({ updatedReplicas: 1 }), "short"],
    ["paused in the middle of a roll", payments({ updatedReplicas: 1, replicas: 3 }, { paused: true }), "short"],
    ["with a pod that is not ready", payments({ readyReplicas: 1 }), "short"],
    ["with a pod that is not available yet", payments({ availableReplicas: 1 }), "short"],
    ["with a pod too many", payments({ replicas: 3 }), "old"],
  ])("%s", async (_how, workload, expected) => {
    expect(rollout(workloadState(workload))).toBe(expected);
    const ready = expected === "whole";
    expect(await answers(workload)).toEqual({ start: ready, settle: ready, check: ready, cluster: ready });
  });

  test.each([
    ["whole", {}, "whole"],
    ["with a pod of its old template", { updatedNumberScheduled: 0 }, "short"],
    ["with a pod that is not available yet", { numberAvailable: 0 }, "short"],
  ])("a DaemonSet %s", async (_how, status, expected) => {
    const workload = daemon(status);
    expect(rollout(workloadState(workload))).toBe(expected);
    expect(workloadProblem(workload) === undefined).toBe(expected === "whole");
    const ofCluster = { ...workload, metadata: { ...workload.metadata, namespace: "kube-system" } };
    expect((await notReady(fakeKube([node, ofCluster]), 1)) === undefined).toBe(expected === "whole");
  });

  test("a cluster's DaemonSet is not ready while a node is unknown to its controller", async () => {
    const second = { ...node, metadata: { name: "n2" } };
    const ofCluster = { ...daemon({}), metadata: { ...daemon({}).metadata, namespace: "kube-system" } };
    expect(await notReady(fakeKube([node, second, ofCluster]), 2)).toBe("daemonset payments is not ready");
  });
});
