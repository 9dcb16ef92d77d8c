import { expect, test } from "vitest";
import { evictionText, evictPod } from "../../src/system/eviction.ts";
import type { HttpAnswer, RequestOptions } from "../../src/kube/kube.ts";
import { fakeKube } from "../fakes/kube.ts";
import { refusedBy } from "../fakes/nodes.ts";

const pod = { name: "a", namespace: "shop", uid: "uid-a" };

function answering(answer: Partial<HttpAnswer>) {
  const asked: unknown[] = [];
  const kube = fakeKube([], {
    request: async (method: string, path: string, options?: RequestOptions) => {
      asked.push([method, path, options?.body]);
      return { status: 500, text: "", body: undefined, ...answer };
    },
  });
  return { kube, asked };
}

test("evicts exactly this pod through the eviction API", async () => {
  const { kube, asked } = answering({ status: 201, body: {} });
  expect(await evictPod(kube, pod)).toEqual({ outcome: "accepted" });
  await evictPod(kube, pod, { dryRun: true });
  const body = {
    apiVersion: "policy/v1",
    kind: "Eviction",
    metadata: { name: "a", namespace: "shop" },
    deleteOptions: { preconditions: { uid: "uid-a" } },
  };
  const path = "/api/v1/namespaces/shop/pods/a/eviction";
  expect(asked).toEqual([
    ["POST", path, body],
    ["POST", `${path}?dryRun=All`, body],
  ]);
});

test("names the budget that refuses, and why", async () => {
  const { kube } = answering(refusedBy("checkout", "needs 3 healthy pods and has 3 currently"));
  const answer = await evictPod(kube, pod);
  expect(answer).toEqual({ outcome: "refused", budget: "checkout", cause: "needs 3 healthy pods and has 3" });
  expect(evictionText(answer)).toBe("429 from poddisruptionbudget/checkout: needs 3 healthy pods and has 3");
});

test("tells a budget that is being counted from one that refuses", async () => {
  const { kube } = answering(refusedBy("checkout", "is still being processed by the server."));
  expect(await evictPod(kube, pod)).toMatchObject({ outcome: "pending", budget: "checkout" });
});

test.each([404, 409])("takes %i for a pod that is gone", async (status) => {
  expect(await evictPod(answering({ status, body: {} }).kube, pod)).toEqual({ outcome: "gone" });
});

test("knows what no repetition helps against", async () => {
  const message = "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.";
  const { kube } = answering({ status: 500, body: { message } });
  expect(await evictPod(kube, pod)).toEqual({ outcome: "impossible", cause: `status 500: ${message}` });
  const forbidden = answering({ status: 403, body: { message: "no" } });
  expect(await evictPod(forbidden.kube, pod)).toEqual({ outcome: "impossible", cause: "status 403: no" });
});

test.each([
  [500, { message: "etcd is away" }],
  [503, undefined],
  [429, { message: "too many requests" }],
])("cannot tell from %i %j", async (status, body) => {
  await expect(evictPod(answering({ status, body }).kube, pod)).rejects.toThrow("the eviction of a was not answered");
});
