import { expect, test } from "vitest";
import { tick } from "../../src/experiments/actions/tick.ts";
import { unreclaimable } from "../../src/system/memory.ts";
import type { KubeObject } from "../../src/kube/kube.ts";
import type { KindSandbox } from "../../src/sandbox/sandbox.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer } from "../fakes/agent.ts";
import { fakeKube } from "../fakes/kube.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeKindSandbox } from "../fakes/sandbox.ts";
import { fakeDeployment, fakePod } from "../fakes/workloads.ts";

const params = tick.params.parse({ workload: "deployment/payments", minutes: 10, hold: "5s" });
const mebi = 2 ** 20;

function scene(
  pods: (seconds: number) => KubeObject[],
  answers: Readonly<Record<string, { status: number; kind?: string }>> = {},
) {
  const calls: string[] = [];
  const rt = fakeRuntime();
  const start = rt.clock.now();
  const seconds = () => (rt.clock.now() - start) / 1000;
  const agent = fakeAgent({
    request: async ({ url, method }) => {
      const { pathname, search } = new URL(url);
      if (pathname === "/admin/cgroup") {
        return fakeAnswer({ body: JSON.stringify({ memory: { limitBytes: 128 * mebi } }) });
      }
      calls.push(`${method} ${pathname}${search}`);
      return fakeAnswer({ body: "{}", ...answers[pathname] });
    },
  });
  const nodeShell: KindSandbox["nodeShell"] = async (_node, argv) => {
    const used = argv.at(-1) === "uid-a-0" && seconds() === 2 ? 90 : 80;
    return { exitCode: 0, stdout: `${(used + 30) * mebi}\ncache 1\ntotal_inactive_file ${30 * mebi}\n`, stderr: "" };
  };
  const objects = () => fakeKube([fakeDeployment("payments", 2), ...pods(seconds())]);
  const kube = fakeKube([], { get: (ref) => objects().get(ref), list: (query) => objects().list(query) });
  return { calls, context: fakeActionContext({ rt, sandbox: fakeKindSandbox({ kube, agent, nodeShell }) }) };
}

test("keeps the highest reading of each pod", async () => {
  const { calls, context } = scene(() => [fakePod("a"), fakePod("b"), fakePod("c", { ready: false })]);
  expect(await tick.run?.(params, context)).toEqual({
    finished: true,
    detail: "after 10 minutes at once: a 90 of 128 MiB; b 80 of 128 MiB",
    targets: ["a", "b"],
    data: {
      minutes: 10,
      readings: [
        { target: "a", usedBytes: 90 * mebi, limitBytes: 128 * mebi },
        { target: "b", usedBytes: 80 * mebi, limitBytes: 128 * mebi },
      ],
    },
  });
  const [ping, post] = ["GET /admin/ping", "POST /admin/tick?minutes=10"];
  expect(calls).toEqual([ping, ping, post, post]);
});

test("is not finished when a pod dies by it, and says how", async () => {
  const lastEnd = { reason: "OOMKilled", exitCode: 137, finishedAt: "2026-01-01T00:00:03Z" };
  const died = { restarts: 1, ready: false, lastEnd };
  const { context } = scene((now) => [fakePod("a", now < 3 ? {} : died)], {
    "/admin/tick": { status: 0, kind: "eof" },
  });
  expect(await tick.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "a ended (OOMKilled, exit 137) 3.0 s after 10 minutes",
  });
});

test("is not finished when a pod is replaced, and without a ready pod", async () => {
  expect(await tick.run?.(params, scene((now) => [fakePod(now < 2 ? "a" : "z")]).context)).toMatchObject({
    finished: false,
    detail: "a is gone 2.0 s after 10 minutes",
  });
  const { calls, context } = scene(() => [fakePod("a", { ready: false })]);
  expect(await tick.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "deployment/payments has no ready pod",
  });
  expect(calls).toEqual([]);
});

test("is not finished when a pod has died before it is asked", async () => {
  const lastEnd = { reason: "OOMKilled", exitCode: 137, finishedAt: "2026-01-01T00:00:01Z" };
  const { calls, context } = scene((now) => [fakePod("a", now < 1 ? {} : { restarts: 1, lastEnd })], {
    "/admin/ping": { status: 0, kind: "refused" },
  });
  expect(await tick.run?.(params, context)).toMatchObject({
    finished: false,
    detail: "a ended (OOMKilled, exit 137) before anything was asked of it",
  });
  expect(calls).toEqual(["GET /admin/ping"]);
});

test("does not mind an answer that comes too late", async () => {
  const { context } = scene(() => [fakePod("a")], { "/admin/tick": { status: 0, kind: "timeout" } });
  expect(await tick.run?.(params, context)).toMatchObject({ finished: true });
});

test.each([["/admin/ping"], ["/admin/tick"]])("is an error when %s is refused by a pod that lives on", async (path) => {
  const { context } = scene(() => [fakePod("a")], { [path]: { status: 401 } });
  await expect(tick.run?.(params, context)).rejects.toMatchObject({ exitCode: 3 });
});

test("files do not count as used memory, files in memory do", () => {
  expect(unreclaimable("100\ncache 70\ntotal_inactive_file 20\ntotal_active_file 10\ninactive_file 1\n")).toBe(70);
  expect(unreclaimable("100\nanon 40\nshmem 30\ninactive_file 20\nactive_file 10\n")).toBe(70);
  expect(unreclaimable("")).toBeUndefined();
});
