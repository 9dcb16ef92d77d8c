import { randomBytes } from "node:crypto";
import { z } from "zod";
import { refusal } from "../../kube/kube-error.ts";
import { type WorkloadRef, workload } from "../../lab/workload.ts";
import { duration } from "../../lib/units.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type ActionContext, defineAction } from "../action.ts";
import { observe } from "../../lib/poll.ts";
import { podEnd } from "../../system/pod.ts";
import { workloadState } from "../../kube/workload.ts";
import { getWorkload } from "../../system/workload.ts";
import { built, experimentImage, startContainer } from "./built-image.ts";
import { clusterOf, containersOf, hasContainers } from "../../sandbox/capabilities.ts";

const params = z
  .strictObject({
    name: z.string().optional().describe("How checks refer to it"),
    image: z.string().optional(),
    built: built.optional(),
    of: workload.optional().describe("Take the image of this workload"),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    within: duration.prefault("60s"),
  })
  .refine(
    ({ image, of, built: container }) => [image, of, container].filter((one) => one !== undefined).length === 1,
    "give image, of or built",
  );

type Params = z.infer<typeof params>;

/** How the program ended; undefined while it runs. */
interface End {
  readonly exitCode: number;
  readonly output: string;
}

interface OneOff {
  readonly name: string;
  /** Its end, how it stands, or why it never started. */
  end(): Promise<End | string | { readonly problem: string }>;
}

const sentence = "a one-off program of an experiment was removed";

async function start(given: Params, image: string, context: ActionContext): Promise<OneOff> {
  const { sandbox, journal, namespace } = context;
  const name = `run-${randomBytes(3).toString("hex")}`;
  if (hasContainers(sandbox)) {
    const { docker, network } = sandbox;
    const full = containerName(sandbox, name);
    const labels = sandboxLabels(sandbox.name);
    await journal.open({ undo: "remove-container", params: { name: full }, sentence });
    const { args, env } = given;
    const problem = await startContainer(docker, { name: full, image, args, env, network, labels, restart: "no" });
    return {
      name,
      async end() {
        if (problem !== undefined) return { problem };
        const state = await docker.inspect(full);
        if (state?.status !== "exited") return `container/${name} is ${state?.status ?? "gone"}`;
        return { exitCode: state.exitCode, output: await docker.logs(full) };
      },
    };
  }
  const { kube } = clusterOf(sandbox);
  const ref = { apiVersion: "v1", kind: "Pod", name, namespace };
  await journal.open({ undo: "remove-object", params: ref, sentence });
  const env = Object.entries(given.env).map(([key, value]) => ({ name: key, value }));
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      containers: [{ name: "run", image, imagePullPolicy: "IfNotPresent", args: given.args, env }],
    },
  };
  let problem: string | undefined;
  try {
    await kube.create(pod);
  } catch (error) {
    problem = refusal(error);
    if (problem === undefined) throw error;
  }
  return {
    name,
    async end() {
      if (problem !== undefined) return { problem: `refused: ${problem}` };
      const live = await kube.get(ref);
      const exitCode = live === undefined ? "gone" : podEnd(live);
      if (typeof exitCode === "string") return `pod/${name} is ${exitCode}`;
      return { exitCode, output: await kube.logs({ namespace, pod: name }) };
    },
  };
}

/** The image to run; undefined when there is none. */
async function imageOf(given: Params, context: ActionContext): Promise<string | undefined> {
  if (given.of !== undefined) return learnerImage(context, given.of);
  if (given.built === undefined) return given.image;
  const image = experimentImage(context.sandbox, given.built);
  return (await containersOf(context.sandbox).docker.image(image)) === undefined ? undefined : image;
}

/** Runs a program once inside the sandbox. */
export const run = defineAction({
  name: "run",
  summary: "Run a program once inside the sandbox, and record its exit code and output",
  needs: [],
  params,
  async run(given, context) {
    const name = given.name === undefined ? {} : { name: given.name };
    const image = await imageOf(given, context);
    if (image === undefined) return { finished: false, detail: "there is no image that could be run", data: name };
    const oneOff = await start(given, image, context);
    const waited = await observe<End | { readonly problem: string }>(
      context.rt,
      async () => {
        const end = await oneOff.end();
        return typeof end === "string" ? { done: false, seen: end } : { done: true, value: end };
      },
      { withinMs: given.within, onLook: context.progress },
    );
    const call = [given.built ?? image, ...given.args].join(" ");
    if (!waited.ok)
      return {
        finished: false,
        detail: `not over after ${given.within / 1000} s: ${waited.seen}`,
        data: name,
      };
    if ("problem" in waited.value) return { finished: false, detail: `${call}: ${waited.value.problem}`, data: name };
    const { exitCode, output } = waited.value;
    const detail = `${call} ended with exit code ${exitCode}`;
    return { finished: true, detail, targets: [oneOff.name], data: { ...name, exitCode, output } };
  },
});

const templateShape = z.looseObject({
  spec: z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })).min(1) }),
});

/** The image that a workload runs now, as the learner left it; undefined when it does not exist. */
export async function learnerImage(
  { sandbox, namespace }: Pick<ActionContext, "sandbox" | "namespace">,
  ref: WorkloadRef,
): Promise<string | undefined> {
  if (hasContainers(sandbox)) return (await sandbox.docker.inspect(containerName(sandbox, ref.name)))?.imageId;
  const object = await getWorkload(clusterOf(sandbox).kube, ref, namespace);
  if (object === undefined) return undefined;
  return templateShape.parse(workloadState(object).template).spec.containers[0]?.image;
}
