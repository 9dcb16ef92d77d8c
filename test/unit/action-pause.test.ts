import { expect, test } from "vitest";
import { pause } from "../../src/experiments/actions/pause.ts";
import type { ContainerState } from "../../src/docker/docker.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

function scene(status: ContainerState["status"]) {
  const paused: string[] = [];
  const container = fakeContainer({ name: "labs-abc123-clients", status });
  const docker = fakeDocker([container], { pause: async (name) => void paused.push(name) });
  return { paused, context: fakeActionContext({ sandbox: fakeDockerSandbox({ docker }) }) };
}

test("freezes a container, which the journal thaws at the end", async () => {
  const { paused, context } = scene("running");
  const companion = await pause.accompany?.(pause.params.parse({ container: "clients" }), context);
  await companion?.steady();
  expect(paused).toEqual(["labs-abc123-clients"]);
  expect(context.noted.opened).toMatchObject([{ undo: "unpause", params: { name: "labs-abc123-clients" } }]);
  // Not by its own end: the control comes after that.
  expect(await companion?.end()).toMatchObject({ finished: true, targets: ["clients"] });
  expect(context.noted.undone).toEqual([]);
});

test("leaves a container alone that is frozen already", async () => {
  const { paused, context } = scene("paused");
  await pause.accompany?.(pause.params.parse({ container: "container/clients" }), context);
  expect(paused).toEqual([]);
  expect(context.noted.opened).toEqual([]);
});

test("is an error when there is nothing to freeze", async () => {
  const { context } = scene("exited");
  await expect(pause.accompany?.(pause.params.parse({ container: "clients" }), context)).rejects.toThrow(
    "container clients cannot be frozen, it is exited",
  );
});

function cluster(objects: KubeObject[], gone: boolean) {
  const patched: unknown[] = [];
  const kube = fakeKube(objects, {
    patch: async (ref, patch, how, subresource) => {
      patched.push([ref.name, patch, how, subresource]);
      if (gone) objects.splice(1);
      return fakeDeployment(ref.name, 0);
    },
  });
  return { patched, context: fakeActionContext({ sandbox: fakeKindSandbox({ kube }) }) };
}

test("takes the pods of a workload away, which the journal gives back", async () => {
  const { patched, context } = cluster([fakeDeployment("payments", 2), fakePod("a"), fakePod("b")], true);
  const companion = await pause.accompany?.(pause.params.parse({ workload: "deployment/payments" }), context);
  await companion?.steady();
  expect(patched).toEqual([["payments", { spec: { replicas: 0 } }, "merge", "scale"]]);
  const params = { apiVersion: "apps/v1", kind: "Deployment", name: "payments", namespace: "shop", replicas: 2 };
  expect(context.noted.opened).toMatchObject([{ undo: "scale-back", params }]);
  expect(await companion?.end()).toMatchObject({ finished: true, targets: ["deployment/payments"] });
});

test("is an error when pods stay, or when there is no such workload", async () => {
  const { context } = cluster([fakeDeployment("payments", 1), fakePod("a")], false);
  const companion = await pause.accompany?.(pause.params.parse({ workload: "deployment/payments" }), context);
  await expect(companion?.steady()).rejects.toThrow("deployment/payments did not pause: 1 pods are still there");
  const nobody = pause.params.parse({ workload: "deployment/nobody" });
  await expect(pause.accompany?.(nobody, context)).rejects.toThrow("deployment/nobody cannot be paused");
});

test("stops one or the other", () => {
  expect(pause.params.safeParse({}).success).toBe(false);
  expect(pause.params.safeParse({ container: "a", workload: "deployment/b" }).success).toBe(false);
  expect(pause.params.safeParse({ workload: "daemonset/b" }).success).toBe(false);
});
