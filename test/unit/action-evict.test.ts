import { expect, test } from "vitest";
import { evict } from "../../src/experiments/actions/evict.ts";
import type { HttpAnswer, KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeKube } from "../fakes/kube.ts";
import { evictedPod, evictionAccepted, fakePodOn, refusedBy } from "../fakes/nodes.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment } from "../fakes/workloads.ts";

const refused = refusedBy("checkout", "needs 2 healthy pods and has 2 currently");
const pending = refusedBy("checkout", "is still being processed by the server.");

function budget(status: object, generation = 1): KubeObject {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name: "checkout", namespace: "shop", generation },
    spec: { selector: { matchLabels: { app: "checkout" } } },
    status: { observedGeneration: generation, currentHealthy: 3, ...status },
  };
}

function scene(answer: (pod: string, seconds: number) => HttpAnswer, budgetAt = (_seconds: number) => budget({})) {
  const rt = fakeRuntime();
  const start = rt.clock.now();
  const seconds = () => (rt.clock.now() - start) / 1000;
  const asked: string[] = [];
  const pods = ["a", "b", "c"].map((name) => fakePodOn("worker", name));
  const now = () => fakeKube([fakeDeployment("checkout", 3), ...pods, budgetAt(seconds())]);
  const kube = fakeKube([], {
    get: (ref) => now().get(ref),
    list: (query) => now().list(query),
    request: async (method, path) => {
      const pod = evictedPod(method, path);
      asked.push(`${pod} ${seconds()}`);
      return answer(pod, seconds());
    },
  });
  return { asked, context: fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube }) }) };
}

const params = (given: object = {}) => evict.params.parse({ of: "deployment/checkout", ...given });

test("asks for all pods at the same moment, and keeps what each was told", async () => {
  const { asked, context } = scene((pod) => (pod === "b" ? evictionAccepted : refused));
  const no = { outcome: "refused", budget: "checkout", cause: "needs 2 healthy pods and has 2" };
  expect(await evict.run?.(params(), context)).toEqual({
    finished: true,
    detail:
      "1 of 3 evictions at once were accepted, the others not: 429 from poddisruptionbudget/checkout: needs 2 healthy pods and has 2",
    targets: ["b"],
    data: {
      evictions: [
        { pod: "a", ...no },
        { pod: "b", outcome: "accepted" },
        { pod: "c", ...no },
      ],
    },
  });
  expect(asked).toEqual(["a 0", "b 0", "c 0"]);
});

test("asks for so many pods", async () => {
  const { asked, context } = scene(() => evictionAccepted);
  expect(await evict.run?.(params({ pods: 2 }), context)).toMatchObject({ targets: ["a", "b"] });
  expect(asked).toHaveLength(2);
});

test("asks again only while the budget is being counted", async () => {
  const { asked, context } = scene((pod, seconds) => (pod === "a" && seconds < 1 ? pending : refused));
  expect(await evict.run?.(params(), context)).toMatchObject({ finished: true, targets: [] });
  expect(asked).toEqual(["a 0", "b 0", "c 0", "a 0.5", "a 1"]);
  const never = scene(() => pending);
  await expect(evict.run?.(params(), never.context)).rejects.toThrow("was not decided: 429");
});

test.each([
  ["its spec", { observedGeneration: 1 }, "its newest spec is not taken up yet"],
  ["its pods", { currentHealthy: 2 }, "counts 2 healthy pods of 3"],
])("waits until the budget knows %s", async (_what, status, text) => {
  const { asked, context } = scene(
    () => refused,
    (seconds) => budget(seconds < 2 ? status : {}, 2),
  );
  await evict.run?.(params(), context);
  expect(asked[0]).toBe("a 2");
  const never = scene(
    () => refused,
    () => budget(status, 2),
  );
  await expect(evict.run?.(params(), never.context)).rejects.toThrow(text);
});

test("does not wait for a budget that cannot count", async () => {
  const conditions = [{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed" }];
  const { asked, context } = scene(
    () => refused,
    () => budget({ conditions, currentHealthy: 0 }),
  );
  await evict.run?.(params(), context);
  expect(asked[0]).toBe("a 0");
});

test("takes a budget that can never be counted for a refusal", async () => {
  const message = "daemonsets.apps does not implement the scale subresource";
  const conditions = [{ type: "DisruptionAllowed", status: "False", reason: "SyncFailed", message }];
  const { context } = scene(
    () => pending,
    () => budget({ conditions, observedGeneration: 1 }, 2),
  );
  const no = { outcome: "refused", budget: "checkout", cause: `cannot count its pods: ${message}` };
  expect(await evict.run?.(params(), context)).toMatchObject({
    finished: true,
    targets: [],
    data: { evictions: [no, no, no] },
  });
});

test("is not finished without enough ready pods", async () => {
  const { context } = scene(() => refused);
  expect(await evict.run?.(params({ pods: 4 }), context)).toEqual({
    finished: false,
    detail: "deployment/checkout has 3 ready pods, 4 are needed",
  });
  const none = evict.params.parse({ of: "deployment/other" });
  expect(await evict.run?.(none, context)).toMatchObject({ finished: false });
});
