import { randomBytes } from "node:crypto";
import { z } from "zod";
import { duration } from "../../lib/units.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { built, experimentImage, startContainer } from "./built-image.ts";
import { answerText, askContainer, awaitAnswer } from "./container-answer.ts";
import { sendSingleRequest } from "./single-request.ts";
import { containersOf } from "../../sandbox/capabilities.ts";

const params = z.strictObject({
  name: z.string().describe("How checks refer to it"),
  built,
  args: z.array(z.string()).default([]),
  env: z.record(z.string(), z.string()).default({}),
  port: z.int().min(1).max(65535).default(8080),
  ready: z.string().default("/livez").describe("Path that answers 200, with the service's proof, once it is up"),
  within: duration.prefault("20s").describe("It must be up by then"),
  answers: z
    .array(z.strictObject({ path: z.string(), body: z.string().describe("Regular expression; the answer matches it") }))
    .default([])
    .describe("What it is asked once it is up, one after the other; each answer is 200, with the service's proof"),
  request: z.string().optional().describe("Path of a request that is in flight when it is stopped"),
  latecomer: duration.optional().describe("So long after the stop signal somebody new asks for the path `ready`"),
  timeout: duration.prefault("10s").describe("SIGKILL comes so long after the stop signal"),
});

type Params = z.infer<typeof params>;

/** Waits until the program is up, and asks what it is to be asked; a sentence when an answer does not come, or is another one. */
async function problemOf(given: Params, full: string, context: ActionContext): Promise<string | undefined> {
  const asked = { full, port: given.port };
  const withinMs = given.within;
  const up = await awaitAnswer(context, asked, given.ready, { withinMs, fits: ({ status }) => status === 200 });
  if ("problem" in up) return up.problem;
  for (const { path, body } of given.answers) {
    // Whatever it says now that it is up is its answer.
    const got = await awaitAnswer(context, asked, path, { withinMs, fits: () => true });
    if ("problem" in got) return got.problem;
    const { answer } = got;
    if (answer.status !== 200 || !new RegExp(body, "m").test(answer.body))
      return `the answer to ${path} was ${answerText(answer)}, and not 200 and /${body}/`;
  }
  return undefined;
}

/** Stops it; the seconds that this took, and whether somebody who came late still got an answer. */
async function stopped(given: Params, full: string, context: ActionContext) {
  const { rt, sandbox } = context;
  const start = rt.clock.elapsed();
  const stop = async () => {
    await containersOf(sandbox).docker.stop(full, Math.ceil(given.timeout / 1000));
    return (rt.clock.elapsed() - start) / 1000;
  };
  const comeLate = async () => {
    if (given.latecomer === undefined) return {};
    await rt.clock.sleep(given.latecomer, rt.signal);
    const { status } = await askContainer(context, { full, port: given.port }, given.ready);
    return { latecomerAnswered: status !== 0 };
  };
  const [seconds, late] = await Promise.all([stop(), comeLate()]);
  return { seconds, ...late };
}

/** Takes a container through its life: start, a request, stop. */
export const lifecycle = defineAction({
  name: "lifecycle",
  summary: "Start a container from what `build` made, stop it with a request in flight, and record how both end",
  needs: ["containers"],
  params,
  async run(given, context) {
    const { sandbox, journal } = context;
    const { docker, name: network } = containersOf(sandbox);
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
      (await problemOf(given, full, context));
    if (problem !== undefined) return { finished: false, detail: problem, data: { name: given.name } };
    const request =
      given.request === undefined
        ? undefined
        : await sendSingleRequest(context, `http://${full}:${given.port}${given.request}`);
    const { seconds, ...late } = await stopped(given, full, context);
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
        ...late,
        ...(answer === undefined ? {} : { answered: answer.answered }),
      },
    };
  },
});
