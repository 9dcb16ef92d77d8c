import { expect, test } from "vitest";
import { kill } from "../../src/experiments/actions/kill.ts";
import { run } from "../../src/experiments/actions/run.ts";
import { stop } from "../../src/experiments/actions/stop.ts";
import type { ContainerState, Docker } from "../../src/docker/docker.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox, fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const api = (parts: Partial<ContainerState> = {}) => fakeContainer({ name: "labs-abc123-api", ...parts });

function onDocker(containers: ContainerState[], parts: Partial<Docker>) {
  return fakeActionContext({ sandbox: fakeDockerSandbox({ docker: fakeDocker(containers, parts) }) });
}

test("kill deletes exactly the pods it chose", async () => {
  const deleted: unknown[] = [];
  const objects = [fakeDeployment("payments", 3), fakePod("b"), fakePod("a", { ready: false }), fakePod("c")];
  const kube = fakeKube(objects, {
    delete: async (ref, options) => deleted.push([ref.kind, ref.name, options?.uid]) > 0,
  });
  const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube }) });
  const outcome = await kill.run?.(kill.params.parse({ workload: "deployment/payments", pods: 2 }), context);
  expect(deleted).toEqual([
    ["Pod", "b", "uid-b"],
    ["Pod", "c", "uid-c"],
  ]);
  expect(outcome).toEqual({ finished: true, detail: "b, c killed (delete)", targets: ["b", "c"] });
});

test("kill ends the process in the node, and fails when it cannot", async () => {
  const argvs: unknown[] = [];
  let exitCode = 0;
  const kube = fakeKube([fakeDeployment("payments", 1), fakePod("a")]);
  const nodeShell = async (node: string, argv: readonly string[]) => {
    argvs.push([node, ...argv]);
    return { exitCode, stdout: "", stderr: "no such task" };
  };
  const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube, nodeShell }) });
  const params = kill.params.parse({ workload: "deployment/payments", how: "process" });
  expect(await kill.run?.(params, context)).toMatchObject({ finished: true });
  const ctr = ["ctr", "--namespace", "k8s.io", "tasks", "kill", "--signal", "SIGKILL", "uid-a-0"];
  expect(argvs).toEqual([["labs-abc123-0w-control-plane", ...ctr]]);
  exitCode = 1;
  await expect(kill.run?.(params, context)).rejects.toThrow("the process of a could not be killed: no such task");
});

test("kill writes a container down before, so that it is started again", async () => {
  const killed: unknown[] = [];
  const context = onDocker([api()], { kill: async (...args) => void killed.push(args) });
  await kill.run?.(kill.params.parse({ workload: "container/api", how: "process" }), context);
  expect(context.noted.opened).toMatchObject([{ undo: "start-container", params: { name: "labs-abc123-api" } }]);
  expect(killed).toEqual([["labs-abc123-api", "SIGKILL"]]);
});

test("kill is not finished without enough ready pods", async () => {
  const context = onDocker([], {});
  expect(await kill.run?.(kill.params.parse({ workload: "container/api", how: "process" }), context)).toEqual({
    finished: false,
    detail: "container/api has 0 ready pods, 1 are needed",
  });
});

test("stop measures how long it took and how it ended", async () => {
  const rt = fakeRuntime();
  const containers = [api()];
  const docker = fakeDocker(containers, {
    stop: async (_, timeout) => {
      await rt.clock.sleep((timeout ?? 0) * 1000, rt.signal);
      containers[0] = api({ status: "exited", exitCode: 137 });
    },
  });
  const context = fakeActionContext({ rt, sandbox: fakeDockerSandbox({ docker }) });
  expect(await stop.run?.(stop.params.parse({ container: "container/api", timeout: "3s" }), context)).toEqual({
    finished: true,
    detail: "container/api exited after 3.0 s with exit code 137",
    targets: ["api"],
    data: { seconds: 3, exitCode: 137 },
  });
  expect(context.noted.opened).toMatchObject([{ undo: "start-container" }]);
});

test("stop does not touch what does not run", async () => {
  const context = onDocker([api({ status: "exited" })], {});
  expect(await stop.run?.(stop.params.parse({ container: "container/api" }), context)).toEqual({
    finished: false,
    detail: "container/api is exited",
  });
  expect(context.noted.opened).toEqual([]);
});

test("run records exit code and output of a container", async () => {
  const containers = [api()];
  const context = onDocker(containers, {
    run: async (spec) => {
      expect(spec).toMatchObject({ image: "sha256:1111", args: ["version"], network: "labs-abc123" });
      const made = fakeContainer({ name: spec.name, status: "exited", exitCode: 2 });
      containers.push(made);
      return made;
    },
    logs: async () => "v1\n",
  });
  const params = run.params.parse({ of: "container/api", args: ["version"] });
  expect(await run.run?.(params, context)).toMatchObject({
    finished: true,
    detail: "sha256:1111 version ended with exit code 2",
    data: { exitCode: 2, output: "v1\n" },
  });
  expect(context.noted.opened).toMatchObject([{ undo: "remove-container" }]);
});

test("run says how a pod stands that does not end", async () => {
  const objects: KubeObject[] = [];
  const kube = fakeKube(objects, {
    create: async (object) => {
      objects.push(fakePod(object.metadata.name, { waiting: "ErrImageNeverPull" }));
      return object;
    },
  });
  const context = fakeActionContext({ sandbox: fakeKindSandbox({ kube }) });
  expect(await run.run?.(run.params.parse({ image: "labs/tool:v1", within: "5s" }), context)).toMatchObject({
    finished: false,
    detail: expect.stringMatching(/^not over after 5 s: pod\/run-[0-9a-f]{6} is ErrImageNeverPull$/),
  });
});

test("run wants an image or a workload", () => {
  expect(run.params.safeParse({}).success).toBe(false);
  expect(run.params.safeParse({ image: "a:1", of: "container/api" }).success).toBe(false);
});
