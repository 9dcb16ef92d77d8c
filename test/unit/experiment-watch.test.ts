import { describe, expect, test } from "vitest";
import { startWatch } from "../../src/system/watch.ts";
import type { ContainerState } from "../../src/docker/docker.ts";
import type { KubeObject, WatchEvent } from "../../src/kube/kube.ts";
import { hold } from "../../src/lib/poll.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

/** A cluster whose watches report what the test sends, until they are ended. */
function watched(objects: KubeObject[]) {
  const listeners = new Map<string, (event: WatchEvent) => void>();
  const kube = fakeKube(objects, {
    watch: (query, onEvent, signal) => {
      listeners.set(query.kind, onEvent);
      return new Promise((resolve) => {
        signal.addEventListener("abort", () => resolve());
      });
    },
  });
  const send = (type: WatchEvent["type"], object: KubeObject): void => listeners.get(object.kind)?.({ type, object });
  return { context: fakeActionContext({ sandbox: fakeKindSandbox({ kube }) }), send };
}

const api = (parts: Partial<ContainerState> = {}) =>
  fakeContainer({ name: "labs-abc123-api", networks: ["labs-abc123"], ...parts });

describe("watch on pods", () => {
  test("keeps the state at the start and every change, and nothing twice", async () => {
    const objects = [fakePod("a"), fakeDeployment("payments", 1)];
    const { context, send } = watched(objects);
    const watch = await startWatch(context);
    send("ADDED", fakePod("a"));
    const lastEnd = { reason: "OOMKilled", exitCode: 137, finishedAt: "2026-01-01T00:00:05Z" };
    objects[0] = fakePod("a", { ready: false, restarts: 1, lastEnd });
    send("MODIFIED", objects[0]);
    const { pods, available } = await watch.stop();
    expect(pods).toMatchObject([
      { name: "a", workload: "deployment/payments", ready: true, restarts: 0, lastEnd: "" },
      { name: "a", ready: false, restarts: 1, lastEnd: "OOMKilled, exit 137", gone: false },
    ]);
    expect(available).toMatchObject([{ workload: "deployment/payments", available: 1, desired: 1 }]);
  });

  test("takes an absent availableReplicas for zero", async () => {
    const objects = [fakeDeployment("payments", 2)];
    const { context, send } = watched(objects);
    const watch = await startWatch(context);
    const { availableReplicas: _, ...status } = Object(fakeDeployment("payments", 2)["status"]);
    objects[0] = { ...fakeDeployment("payments", 2), status };
    send("MODIFIED", objects[0]);
    expect((await watch.stop()).available.map((one) => one.available)).toEqual([2, 0]);
  });

  test("notes a pod as gone, also when only the last look tells", async () => {
    const objects = [fakePod("a"), fakePod("b")];
    const { context, send } = watched(objects);
    const watch = await startWatch(context);
    send("DELETED", fakePod("a", { terminating: true }));
    objects.length = 0;
    const { pods } = await watch.stop();
    expect(pods.filter((pod) => pod.gone).map((pod) => [pod.name, pod.ready])).toEqual([
      ["a", false],
      ["b", false],
    ]);
    expect(pods).toHaveLength(4);
  });

  test("throws when the watch broke off: what it missed is unknown", async () => {
    const kube = fakeKube([fakePod("a")], { watch: () => Promise.reject(new Error("forbidden")) });
    const watch = await startWatch(fakeActionContext({ sandbox: fakeKindSandbox({ kube }) }));
    await expect(watch.stop()).rejects.toThrow("the watch on pods broke off: forbidden");
  });
});

describe("watch on containers", () => {
  test("counts a start by hand as a restart, though the engine does not", async () => {
    const rt = fakeRuntime();
    const containers = [api()];
    const context = fakeActionContext({ rt, sandbox: fakeDockerSandbox({ docker: fakeDocker(containers) }) });
    const watch = await startWatch(context);
    await hold(rt, 2000);
    containers[0] = api({ status: "exited", exitCode: 137, oomKilled: true });
    await hold(rt, 2000);
    containers[0] = api({ startedAt: "2026-01-01T00:00:04Z" });
    await hold(rt, 2000);
    const { pods, available } = await watch.stop();
    expect(pods.map(({ name, ready, restarts, lastEnd }) => [name, ready, restarts, lastEnd])).toEqual([
      ["api", true, 0, ""],
      ["api", false, 0, "OOMKilled, exit 137"],
      ["api", true, 1, ""],
    ]);
    expect(available.map((one) => one.available)).toEqual([1, 0, 1]);
  });

  test("notes a removed container as gone and its successor as another", async () => {
    const rt = fakeRuntime();
    const containers = [api({ id: "one" })];
    const context = fakeActionContext({ rt, sandbox: fakeDockerSandbox({ docker: fakeDocker(containers) }) });
    const watch = await startWatch(context);
    containers[0] = api({ id: "two" });
    await hold(rt, 2000);
    const { pods } = await watch.stop();
    expect(pods.map(({ uid, gone }) => [uid, gone])).toEqual([
      ["one", false],
      ["two", false],
      ["one", true],
    ]);
  });
});
