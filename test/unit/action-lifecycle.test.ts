import { expect, test } from "vitest";
import { DockerError } from "../../src/docker/docker-error.ts";
import type { ContainerState, Docker } from "../../src/docker/docker.ts";
import { lifecycle } from "../../src/experiments/actions/lifecycle.ts";
import { run } from "../../src/experiments/actions/run.ts";
import type { AgentAnswer, LoadAgent } from "../../src/sandbox/agent/load-agent.ts";
import { fakeActionContext } from "../fakes/action-context.ts";
import { fakeAgent, fakeAnswer, fakeLoadResult } from "../fakes/agent.ts";
import { fakeContainer, fakeDocker } from "../fakes/docker.ts";
import { fakeRuntime } from "../fakes/runtime.ts";
import { fakeDockerSandbox } from "../fakes/sandbox.ts";

const image = "labs-abc123-web:experiment";

/** An engine that has built an image; what runs from it stops as it is told. */
function scene(parts: Partial<Docker> = {}, agentParts: Partial<LoadAgent> = {}, stopSeconds = 4) {
  const rt = fakeRuntime();
  const containers: ContainerState[] = [];
  const specs: unknown[] = [];
  let stopped = false;
  const end = (exitCode: number): void => {
    const [running] = containers.splice(0);
    if (running !== undefined) containers.push({ ...running, status: "exited", exitCode });
  };
  const docker = fakeDocker(containers, {
    image: async (ref) => (ref === image ? { id: "sha256:1", sizeBytes: 1, user: "", labels: {} } : undefined),
    run: async (spec) => {
      specs.push(spec);
      const made = fakeContainer({ name: spec.name });
      containers.push(made);
      return made;
    },
    stop: async () => {
      await rt.clock.sleep(stopSeconds * 1000, rt.signal);
      stopped = true;
      end(0);
    },
    logs: async () => "bye\n",
    ...parts,
  });
  const agent = fakeAgent({
    request: async () => fakeAnswer(),
    start: async () => undefined,
    read: async () => fakeLoadResult({ sent: 1, inflight: stopped ? 0 : 1, ok: 0 }),
    stop: async () => fakeLoadResult({ sent: 1, ok: 1 }),
    ...agentParts,
  });
  return { specs, end, context: fakeActionContext({ rt, sandbox: fakeDockerSandbox({ docker, agent }) }) };
}

const take = (given: Record<string, unknown>, { context }: ReturnType<typeof scene>) =>
  lifecycle.run?.(lifecycle.params.parse({ name: "busy", built: "web", ...given }), context);

test("lifecycle starts, sends, stops, and records how both end", async () => {
  const one = scene();
  const outcome = await take({ env: { PORT: "9000" }, port: 9000, request: "/slow?ms=4000", timeout: "6s" }, one);
  expect(outcome).toEqual({
    finished: true,
    detail: "stopped after 4.0 s with exit code 0, its request: 1 sent, 0 failed",
    targets: ["web"],
    data: { name: "busy", exitCode: 0, seconds: 4, output: "bye\n", answered: true },
  });
  expect(one.specs).toMatchObject([{ image, env: { PORT: "9000" }, network: "labs-abc123", restart: "no" }]);
  expect(one.context.noted.opened).toMatchObject([{ undo: "remove-container" }]);
});

test("lifecycle tells a lost request from an answered one, and none", async () => {
  const lost = scene({}, { stop: async () => fakeLoadResult({ sent: 1, ok: 0, failed: 1, byKind: { eof: 1 } }) });
  expect(await take({ request: "/slow?ms=1" }, lost)).toMatchObject({ data: { answered: false } });
  const open = scene({}, { read: async () => fakeLoadResult({ sent: 1, inflight: 1, ok: 0 }) });
  expect(await take({ request: "/slow?ms=1" }, open)).toMatchObject({
    detail: "stopped after 4.0 s with exit code 0, its request never ended",
    data: { answered: false },
  });
  expect((await take({}, scene()))?.data).not.toHaveProperty("answered");
});

test("lifecycle is not finished without an image, or when the program cannot be started or ends by itself", async () => {
  const none = scene({ image: async () => undefined });
  expect(await take({}, none)).toMatchObject({ finished: false, detail: "nothing was built from web" });
  const refused = scene({
    run: async () => {
      throw new DockerError('docker start: exec: "/app": executable file not found in $PATH', { status: 400 });
    },
  });
  expect(await take({}, refused)).toMatchObject({ finished: false, data: { name: "busy" } });
  const dead = scene(
    {},
    {
      request: async () => {
        dead.end(1);
        return fakeAnswer({ status: 0, kind: "refused" });
      },
    },
  );
  expect(await take({}, dead)).toMatchObject({
    finished: false,
    detail: "it ended by itself with exit code 1; last line: bye",
  });
});

test("lifecycle takes no answer of another program", async () => {
  const other = scene({}, { request: async () => fakeAnswer({ kind: "proof", error: "no proof" }) });
  expect(await take({ within: "2s" }, other)).toMatchObject({
    finished: false,
    detail: "port 8080 did not answer as it should within 2 s: proof no proof",
  });
});

test("lifecycle reads what the program answers to everything that it is asked", async () => {
  const urls: string[] = [];
  const quoted: Partial<LoadAgent> = {
    request: async ({ url }) => {
      urls.push(url.replace(/^.*:8080/, ""));
      return fakeAnswer(url.includes("of=") ? { body: "quote 7\n" } : {});
    },
  };
  const right = [{ path: "/quote?of=1", body: "^quote 7$" }];
  expect(await take({ answers: right }, scene({}, quoted))).toMatchObject({ finished: true });
  const start = [...right, { path: "/quote?of=2", body: "^quote 8$" }];
  const never = [{ path: "/quote?of=3", body: "" }];
  expect(await take({ answers: [...start, ...never] }, scene({}, quoted))).toMatchObject({
    finished: false,
    detail: "the answer to /quote?of=2 was status 200 quote 7, and not 200 and /^quote 8$/",
  });
  expect(urls).toEqual(["/livez", "/quote?of=1", "/livez", "/quote?of=1", "/quote?of=2"]);
});

test("lifecycle waits for what is not up, and not for what is up and answers otherwise", async () => {
  const warming = { request: async () => fakeAnswer({ status: 503, body: "warming up\n" }) };
  expect(await take({ within: "1s" }, scene({}, warming))).toMatchObject({
    finished: false,
    detail: "port 8080 did not answer as it should within 1 s: status 503 warming up",
  });
  const partial = {
    request: async ({ url }: { url: string }) => fakeAnswer(url.endsWith("/livez") ? {} : { status: 404 }),
  };
  expect(await take({ answers: [{ path: "/quote", body: "" }] }, scene({}, partial))).toMatchObject({
    detail: "the answer to /quote was status 404 , and not 200 and //",
  });
});

/** It answers once, and who comes late gets this; beside it when each was. */
function sceneOfLate(answer: Partial<AgentAnswer>) {
  const times: number[] = [];
  const request = async () => {
    times.push(one.context.rt.clock.now());
    return fakeAnswer(times.length > 1 ? answer : {});
  };
  const one = scene({}, { request });
  return { one, times };
}

test("lifecycle sends somebody late while the program is stopping", async () => {
  const open = sceneOfLate({});
  expect(await take({ latecomer: "3s" }, open.one)).toMatchObject({ data: { seconds: 4, latecomerAnswered: true } });
  expect((open.times[1] ?? 0) - (open.times[0] ?? 0)).toBe(3000);
  const closed = sceneOfLate({ status: 0, kind: "refused" });
  expect(await take({ latecomer: "3s" }, closed.one)).toMatchObject({ data: { seconds: 4, latecomerAnswered: false } });
});

test("lifecycle is not finished when the container is taken away", async () => {
  expect(await take({}, scene({ inspect: async () => undefined }))).toMatchObject({
    finished: false,
    detail: "it does not run: it is gone",
  });
});

test("an engine that does not answer is an error", async () => {
  const gone = scene({
    run: async () => {
      throw new DockerError("docker start: no answer", { unreachable: true });
    },
  });
  await expect(take({}, gone)).rejects.toThrow("no answer");
});

test.each([
  'OCI runtime create failed: exec: "version": not found',
  "unable to find user nobody: no matching entries in passwd file",
  "unable to find group staff: no matching entries in group file",
  "uids and gids must be in range 0-2147483647",
])("run says why what was built never started: %s", async (message) => {
  const parsed = run.params.parse({ name: "asked", built: "web", args: ["version"] });
  const refused = scene({
    run: async () => {
      throw new DockerError(message, { status: 400 });
    },
  });
  expect(await run.run?.(parsed, refused.context)).toMatchObject({
    finished: false,
    detail: expect.stringContaining("web version: it could not be started"),
    data: { name: "asked" },
  });
});

test("run does not start what was not built", async () => {
  const parsed = run.params.parse({ name: "asked", built: "web", args: ["version"] });
  const none = scene({ image: async () => undefined });
  expect(await run.run?.(parsed, none.context)).toMatchObject({ finished: false, data: { name: "asked" } });
});
