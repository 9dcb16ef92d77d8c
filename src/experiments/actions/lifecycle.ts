import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ContainerState, Docker } from "../../docker/docker.ts";
import { duration } from "../../lab/duration.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { built, experimentImage, startContainer } from "../built-image.ts";
import { sendOne } from "../in-flight.ts";
import { observe } from "../observe.ts";

const params = z.strictObject({
  name: z.string().describe("How checks refer to it"),
  built,
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  port: z.int().min(1).max(65535).default(8080),
  ready: z.string().default("/livez").describe("Path that answers 200, with the service's proof, once it is up"),
  body: z.string().optional().describe("Regular expression; the answer at `ready` matches it"),
  within: duration.prefault("20s").describe("It must be up by then"),
  request: z.string().optional().describe("Path of a request that is in flight when it is stopped"),
  timeout: duration.prefault("10s").describe("SIGKILL comes so long after the stop signal"),
});

type Params = z.infer<typeof params>;

async function lastLine(docker: Docker, full: string): Promise<string> {
  const lines = (await docker.logs(full, { tailLines: 20 })).split("\n").filter((line) => line.trim() !== "");
  return lines.at(-1)?.slice(0, 160) ?? "(nothing)";
}

/** Waits until the program answers; a sentence when it ends before, or does not in time. */
async function awaitReady(given: Params, full: string, context: ActionContext): Promise<string | undefined> {
  const { docker, agent } = context.sandbox;
  const url = `http://${full}:${given.port}${given.ready}`;
  const key = context.session.values["token"] ?? "";
  let ended: ContainerState | undefined;
  const waited = await observe<undefined>(
    context.rt,
    async () => {
      const state = await docker.inspect(full);
      if (state?.status === "exited") ended = state;
      if (state?.status !== "running") return { done: true, value: undefined };
      const { status, kind, error, body } = await agent.request({ url, nonce: true, key, timeoutMs: 2000 });
      if (status === 0 || kind === "proof") return { done: false, seen: `${kind} ${error}` };
      const answer = `status ${status} ${body.trim().slice(0, 120)}`;
      if (status !== 200) return { done: false, seen: answer };
      if (given.body === undefined || new RegExp(given.body, "m").test(body)) return { done: true, value: undefined };
      return { done: false, seen: `${answer}, which is not /${given.body}/` };
    },
    { withinMs: given.within, everyMs: 200, onLook: context.progress },
  );
  if (ended !== undefined) {
    return `it ended by itself with exit code ${ended.exitCode}; last line: ${await lastLine(docker, full)}`;
  }
  return waited.ok
    ? undefined
    : `port ${given.port} did not answer as it should within ${given.within / 1000} s: ${waited.seen}`;
}

/** Takes a container through its life: start, a request, stop. */
export const lifecycle = defineAction({
  name: "lifecycle",
  summary: "Start a container from what `build` made, stop it with a request in flight, and record how both end",
  providers: ["docker"],
  params,
  async run(given, context) {
    const { rt, sandbox, journal } = context;
    const { docker, name: network } = sandbox;
    const image = experimentImage(sandbox, given.built);
    if ((await docker.image(image)) === undefined) {
      return { finished: false, detail: `nothing was built from ${given.built}`, data: { name: given.name } };
    }
    const full = containerName(sandbox, `life-${randomBytes(3).toString("hex")}`);
    const sentence = "a container of an experiment was removed";
    await journal.open({ undo: "remove-container", params: { name: full }, sentence });
    const labels = sandboxLabels(sandbox.name);
    const { args, env } = given;
    const problem =
      (await startContainer(docker, { name: full, image, args, env, network, labels, restart: "no" })) ??
      (await awaitReady(given, full, context));
    if (problem !== undefined) return { finished: false, detail: problem, data: { name: given.name } };
    const request =
      given.request === undefined ? undefined : await sendOne(context, `http://${full}:${given.port}${given.request}`);
    const start = rt.clock.now();
    await docker.stop(full, Math.ceil(given.timeout / 1000));
    const seconds = (rt.clock.now() - start) / 1000;
    const answer = await request?.end();
    const state = await docker.inspect(full);
    const exitCode = state?.exitCode ?? -1;
    return {
      finished: state?.status === "exited",
      detail: `stopped after ${seconds.toFixed(1)} s with exit code ${exitCode}${answer === undefined ? "" : `, ${answer.text}`}`,
      targets: [given.built],
      data: {
        name: given.name,
        exitCode,
        seconds,
        output: await docker.logs(full),
        ...(answer === undefined ? {} : { answered: answer.answered }),
      },
    };
  },
});
