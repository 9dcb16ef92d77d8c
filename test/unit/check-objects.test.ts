import { describe, expect, it } from "vitest";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeDeployment, fakePod, fakeReplicaSet } from "../fakes/objects.ts";
import { runCheck } from "../fakes/run-check.ts";

async function outcome(
  spec: { type: string } & Record<string, unknown>,
  objects: readonly KubeObject[],
): Promise<string> {
  return (await runCheck(spec, fakeCheckContext(objects))).outcome;
}

const budget: KubeObject = {
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "checkout", namespace: "shop" },
  status: {},
};
const node: KubeObject = { apiVersion: "v1", kind: "Node", metadata: { name: "n1" }, spec: { unschedulable: true } };

describe("resource", () => {
  const allowed = {
    type: "resource",
    kind: "PodDisruptionBudget",
    name: "checkout",
    path: "status.disruptionsAllowed",
  };

  it("takes an absent counter for what default says, and for nothing else", async () => {
    expect(await outcome({ ...allowed, op: "eq", value: 0 }, [budget])).toBe("fail");
    expect(await outcome({ ...allowed, op: "eq", value: 0, default: 0 }, [budget])).toBe("pass");
  });

  it("fails where nothing matches, even for none and absent", async () => {
    const seen = await runCheck({ ...allowed, op: "absent" }, fakeCheckContext([]));
    expect(seen).toMatchObject({ outcome: "fail", observed: "no object matches in namespace shop" });
    expect(await outcome({ ...allowed, match: "none", op: "eq", value: 0 }, [])).toBe("fail");
    expect(await outcome({ type: "resource", kind: "Unheard", path: "spec", op: "exists" }, [])).toBe("fail");
  });

  it("finds objects outside namespaces", async () => {
    const cordoned = { type: "resource", kind: "Node", path: "spec.unschedulable", op: "eq", value: true };
    expect(await outcome(cordoned, [node])).toBe("pass");
  });

  it("judges every, any or none, and counts", async () => {
    const pods = [fakeReplicaSet(1), fakePod("a"), fakePod("b", { phase: "Pending" })];
    const running = {
      type: "resource",
      kind: "Pod",
      selector: "app=payments",
      path: "status.phase",
      op: "eq",
      value: "Running",
    };
    expect(await runCheck(running, fakeCheckContext(pods))).toMatchObject({
      outcome: "fail",
      observed: 'pod/b "Pending"',
    });
    expect(await outcome({ ...running, match: "any" }, pods)).toBe("pass");
    expect(await outcome({ ...running, match: "none" }, pods)).toBe("fail");
    expect(await outcome({ ...running, match: "any", count: { atLeast: 3 } }, pods)).toBe("fail");
  });

  it("does not count pods that are terminating or outdated", async () => {
    const pods = [
      fakeReplicaSet(1),
      fakeReplicaSet(2),
      fakePod("new", { revision: 2 }),
      fakePod("old", { phase: "Failed" }),
    ];
    const going = fakePod("going", { revision: 2, phase: "Failed", terminating: true });
    const running = { type: "resource", kind: "Pod", path: "status.phase", op: "eq", value: "Running" };
    expect(await runCheck(running, fakeCheckContext([...pods, going]))).toMatchObject({
      outcome: "pass",
      observed: 'pod/new "Running"',
    });
  });

  it("refuses a value where there is none to compare with", async () => {
    await expect(runCheck({ ...allowed, op: "exists", value: 1 }, fakeCheckContext([budget]))).rejects.toThrow(
      "take no value",
    );
    await expect(runCheck({ ...allowed, op: "eq" }, fakeCheckContext([budget]))).rejects.toThrow("needs one");
  });
});

describe("exists and absent", () => {
  const leaving = { ...budget, metadata: { ...budget.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } };

  it("take an object that is being deleted for neither there nor gone", async () => {
    const of = { kind: "PodDisruptionBudget", name: "checkout" };
    expect(await outcome({ type: "exists", ...of }, [budget])).toBe("pass");
    expect(await outcome({ type: "exists", ...of }, [leaving])).toBe("fail");
    expect(await outcome({ type: "absent", ...of }, [leaving])).toBe("fail");
    expect(await outcome({ type: "absent", ...of }, [])).toBe("pass");
  });

  it("say that they cannot see the absence of an unknown kind", async () => {
    expect(await outcome({ type: "absent", kind: "Unheard" }, [])).toBe("error");
    expect(await outcome({ type: "exists", kind: "Unheard" }, [])).toBe("fail");
  });
});

describe("condition", () => {
  const since = { lastTransitionTime: "2025-12-31T23:58:00Z", reason: "MinimumReplicasUnavailable" };
  const stuck = fakeDeployment({ status: { conditions: [{ type: "Available", status: "False", ...since }] } });
  const is = { type: "condition", kind: "Deployment", name: "payments", condition: "Available" };

  it("compares status and reason, and tells since when", async () => {
    expect(await runCheck(is, fakeCheckContext([stuck]))).toMatchObject({
      outcome: "fail",
      observed: "deployment/payments Available=False (MinimumReplicasUnavailable, since 2 min)",
    });
    expect(await outcome({ ...is, status: "False" }, [stuck])).toBe("pass");
    expect(await outcome({ ...is, status: "False", reason: "Other" }, [stuck])).toBe("fail");
    expect(await outcome({ ...is, condition: "Gone" }, [stuck])).toBe("fail");
    expect(await outcome(is, [])).toBe("fail");
  });
});

/** Of the newest ReplicaSet. */
function current(parts: Parameters<typeof fakePod>[1] = {}): Parameters<typeof fakePod>[1] {
  return { revision: 2, ...parts };
}

describe("pods", () => {
  const crash = { waiting: { reason: "CrashLoopBackOff" } };
  const deployment = fakeDeployment();
  const sets = [deployment, fakeReplicaSet(1), fakeReplicaSet(2)];

  it("counts the pods that are as told", async () => {
    const objects = [
      ...sets,
      fakePod("a", current()),
      fakePod("b", current({ ready: false, state: crash })),
      fakePod("old"),
    ];
    const of = { type: "pods", workload: "deployment/payments" };
    expect(await outcome({ ...of, ready: true, count: { atLeast: 1, atMost: 1 } }, objects)).toBe("pass");
    expect(await runCheck({ ...of, ready: true }, fakeCheckContext(objects))).toMatchObject({
      outcome: "fail",
      observed: "1 of 2: pod/b not ready, CrashLoopBackOff, 0 restarts",
    });
    expect(await outcome({ ...of, waiting: "CrashLoopBackOff", match: "any" }, objects)).toBe("pass");
    expect(await outcome({ ...of, waiting: "CrashLoopBackOff" }, objects)).toBe("fail");
  });

  it("fails without pods, unless there shall be none", async () => {
    const of = { type: "pods", workload: "deployment/payments" };
    expect(await outcome({ ...of, ready: true }, sets)).toBe("fail");
    expect(await outcome({ ...of, ready: false, count: { atMost: 0 } }, sets)).toBe("fail");
    expect(await outcome({ ...of, count: { atMost: 0 } }, sets)).toBe("pass");
    expect(await outcome({ ...of, count: { atMost: 0 } }, [])).toBe("fail");
  });

  it("counts evicted pods only when their phase is asked for", async () => {
    const objects = [...sets, fakePod("a", current()), fakePod("gone", current({ phase: "Failed", ready: false }))];
    expect(await outcome({ type: "pods", selector: "app=payments", ready: true }, objects)).toBe("pass");
    expect(await outcome({ type: "pods", selector: "app=payments", phase: "Failed", match: "any" }, objects)).toBe(
      "pass",
    );
  });

  it("demands one target", async () => {
    await expect(runCheck({ type: "pods", ready: true }, fakeCheckContext([]))).rejects.toThrow(
      "either workload or selector",
    );
  });
});

describe("workload-ready", () => {
  const ready = { type: "workload-ready", workload: "deployment/payments" };
  const healthy = [fakeReplicaSet(1), fakePod("a"), fakePod("b")];

  it.each([
    ["all is well", {}, {}, "pass"],
    ["the newest spec is unseen", {}, { observedGeneration: 1 }, "fail"],
    ["a replica is not available", {}, { availableReplicas: 1 }, "fail"],
    ["zero counters are left out", {}, { readyReplicas: undefined }, "fail"],
    ["it is scaled to zero", { replicas: 0 }, { updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 }, "fail"],
  ])("when %s", async (_name, spec, status, expected) => {
    expect(await outcome(ready, [fakeDeployment({ spec, status }), ...healthy])).toBe(expected);
  });

  it("waits until old pods are gone", async () => {
    const old = fakePod("going", { terminating: true });
    const seen = await runCheck(ready, fakeCheckContext([fakeDeployment(), ...healthy, old]));
    expect(seen).toMatchObject({ outcome: "fail", observed: "deployment/payments: 1 old pods are still there: going" });
  });
});

describe("restarts and available, looking", () => {
  const end = { terminated: { reason: "OOMKilled", exitCode: 137, finishedAt: "2025-12-31T23:59:54Z" } };
  const objects = [fakeDeployment({ status: { availableReplicas: undefined } }), fakeReplicaSet(1)];
  const twice = fakePod("a", { restarts: 2, lastState: end });

  it("count restarts on every or any pod", async () => {
    const of = { type: "restarts", workload: "deployment/payments", atLeast: 2 };
    expect(await outcome(of, [...objects, twice, fakePod("b")])).toBe("fail");
    expect(await outcome({ ...of, match: "any" }, [...objects, twice, fakePod("b")])).toBe("pass");
    expect(await runCheck(of, fakeCheckContext([...objects, twice]))).toMatchObject({
      outcome: "pass",
      observed: "pod/a 2 restarts (last end OOMKilled, exit 137 6 s ago)",
    });
    expect(await outcome({ ...of, atLeast: 0 }, objects)).toBe("fail");
  });

  it("takes a missing counter for zero available", async () => {
    const seen = await runCheck(
      { type: "available", workload: "deployment/payments", atLeast: 1 },
      fakeCheckContext(objects),
    );
    expect(seen).toMatchObject({ outcome: "fail", observed: "deployment/payments status.availableReplicas 0" });
  });
});
