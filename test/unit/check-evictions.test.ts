import { expect, test } from "vitest";
import type { HttpAnswer } from "../../src/kube/kube.ts";
import type { CheckSpec } from "../../src/lab/lab.ts";
import { fakeCheckContext } from "../fakes/check-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { evictedPod, evictionAccepted, fakeNode, fakePodOn, refusedBy } from "../fakes/nodes.ts";
import { fakeAction, fakeRecord } from "../fakes/record.ts";
import { runCheck } from "../fakes/run-check.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

const accepted = { pod: "a", outcome: "accepted" };
const refused = { pod: "b", outcome: "refused", budget: "checkout", cause: "needs 2 healthy pods and has 2" };
const impossible = { pod: "c", outcome: "impossible", cause: "status 500: two" };

function judge(spec: object, evictions: unknown[]) {
  const actions = [fakeAction({ action: "drain" }), fakeAction({ action: "evict", data: { evictions } })];
  const context = fakeCheckContext([], { record: fakeRecord({ actions }) });
  return runCheck({ type: "evictions", ...spec }, context);
}

const some = { accepted: { atLeast: 1 }, refused: { atLeast: 1, by: "budget" } };

test.each([
  [some, [accepted, refused, refused], "pass"],
  [some, [accepted, accepted], "fail"],
  [some, [refused, refused], "fail"],
  [some, [accepted, impossible], "fail"],
  [{ refused: { atLeast: 1 } }, [accepted, impossible], "pass"],
  [{ refused: { atMost: 0, by: "budget" } }, [{ ...refused, outcome: "pending" }], "pass"],
  [{ accepted: { atMost: 1 } }, [accepted, accepted], "fail"],
])("%j of %j is %s", async (spec, evictions, outcome) => {
  expect((await judge(spec, evictions)).outcome).toBe(outcome);
});

test("says what was seen", async () => {
  expect(await judge(some, [accepted, refused, refused])).toEqual({
    outcome: "pass",
    expected: "evictions: at least 1 accepted, at least 1 refused by a disruption budget",
    observed: "1 of 3 accepted, the others not: 429 from poddisruptionbudget/checkout: needs 2 healthy pods and has 2",
    lookAt: "kubectl -n shop describe pdb",
  });
});

test("fails where nothing was asked for", async () => {
  const spec: CheckSpec = { type: "evictions", accepted: { atMost: 0 } };
  const context = fakeCheckContext([], { record: fakeRecord({ actions: [fakeAction({ action: "evict" })] }) });
  expect(await runCheck(spec, context)).toMatchObject({ outcome: "fail", observed: "no eviction was asked for" });
});

function now(spec: object, answer: (pod: string) => HttpAnswer) {
  const objects = [
    ...["control-plane", "worker"].map((name) => fakeNode(name)),
    fakeDeployment("checkout", 3),
    fakePodOn("control-plane", "a"),
    fakePodOn("worker", "b"),
    fakePodOn("worker", "c", { terminating: true }),
  ];
  const asked: string[] = [];
  const kube = fakeKube(objects, {
    request: async (method, path) => {
      expect(path).toContain("dryRun=All");
      asked.push(evictedPod(method, path));
      return answer(asked.at(-1) ?? "");
    },
  });
  const context = fakeCheckContext([], { sandbox: fakeKindSandbox({ kube }) });
  return { asked, seen: runCheck({ type: "evictions", ...spec }, context) };
}

test("asks for pods on workers, in a dry run", async () => {
  const of = "deployment/checkout";
  const { asked, seen } = now({ of, accepted: { atMost: 0 } }, () =>
    refusedBy("checkout", "needs 3 healthy pods and has 3 currently"),
  );
  expect(await seen).toMatchObject({ outcome: "pass", observed: "0 of 1 accepted" });
  expect(asked).toEqual(["b"]);
  expect(await now({ of, accepted: { atMost: 0 } }, () => evictionAccepted).seen).toMatchObject({ outcome: "fail" });
  expect(await now({ of: "deployment/other", accepted: { atMost: 0 } }, () => evictionAccepted).seen).toMatchObject({
    outcome: "fail",
    observed: "no eviction was asked for: no worker node hosts a pod of deployment/other",
  });
});

test("wants a workload outside of experiments, and limits", async () => {
  await expect(now({ accepted: { atMost: 0 } }, () => evictionAccepted).seen).rejects.toThrow("say of which workload");
  await expect(judge({}, [])).rejects.toThrow("give accepted, refused or both");
});
