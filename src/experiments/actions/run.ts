import { randomBytes } from "node:crypto";
import { z } from "zod";
import { duration } from "../../lab/duration.ts";
import { workload } from "../../lab/workload.ts";
import { sandboxLabels } from "../../sandbox/docker/sandbox-name.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction, type ActionContext } from "../action.ts";
import { learnerImage } from "../learner-image.ts";
import { observe } from "../observe.ts";
import { podEnd } from "../pod-end.ts";

const params = z
  .strictObject({
    image: z.string().optional(),
    of: workload.optional().describe("Take the image of this workload"),
    args: z.array(z.string()).default([]),
    env: z.record(z.string(), z.string()).default({}),
    within: duration.prefault("60s"),
  })
  .refine((given) => (given.image === undefined) !== (given.of === undefined), "give image or of");

type Params = z.infer<typeof params>;

/** How the program ended; undefined while it runs. */
interface End {
  readonly exitCode: number;
  readonly output: string;
}

interface OneOff {
  readonly name: string;
  end(): Promise<End | string>;
}

const sentence = "a one-off program of an experiment was removed";

async function start(given: Params, image: string, context: ActionContext): Promise<OneOff> {
  const { sandbox, journal, namespace } = context;
  const name = `run-${randomBytes(3).toString("hex")}`;
  if (sandbox.provider === "docker") {
    const { docker, network } = sandbox;
    const full = containerName(sandbox, name);
    const labels = sandboxLabels(sandbox.name);
    await journal.open({ undo: "remove-container", params: { name: full }, sentence });
    await docker.run({ name: full, image, args: given.args, env: given.env, network, labels, restart: "no" });
    return {
      name,
      async end() {
        const state = await docker.inspect(full);
        if (state?.status !== "exited") return `container/${name} is ${state?.status ?? "gone"}`;
        return { exitCode: state.exitCode, output: await docker.logs(full) };
      },
    };
  }
  const { kube } = sandbox;
  const ref = { apiVersion: "v1", kind: "Pod", name, namespace };
  await journal.open({ undo: "remove-object", params: ref, sentence });
  const env = Object.entries(given.env).map(([key, value]) => ({ name: key, value }));
  await kube.create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      restartPolicy: "Never",
      containers: [{ name: "run", image, imagePullPolicy: "IfNotPresent", args: given.args, env }],
    },
  });
  return {
    name,
    async end() {
      const pod = await kube.get(ref);
      const exitCode = pod === undefined ? "gone" : podEnd(pod);
      if (typeof exitCode === "string") return `pod/${name} is ${exitCode}`;
      return { exitCode, output: await kube.logs({ namespace, pod: name }) };
    },
  };
}

/** Runs a program once inside the sandbox. */
export const run = defineAction({
  name: "run",
  summary: "Run a program once inside the sandbox, and record its exit code and output",
  providers: ["kind", "docker"],
  params,
  async run(given, context) {
    const image = given.image ?? (given.of === undefined ? undefined : await learnerImage(context, given.of));
    if (image === undefined) return { finished: false, detail: "there is no workload whose image could be run" };
    const oneOff = await start(given, image, context);
    const waited = await observe<End>(
      context.rt,
      async () => {
        const end = await oneOff.end();
        return typeof end === "string" ? { done: false, seen: end } : { done: true, value: end };
      },
      { withinMs: given.within, onLook: context.progress },
    );
    if (!waited.ok) return { finished: false, detail: `not over after ${given.within / 1000} s: ${waited.seen}` };
    const { exitCode, output } = waited.value;
    const detail = `${[image, ...given.args].join(" ")} ended with exit code ${exitCode}`;
    return { finished: true, detail, targets: [oneOff.name], data: { exitCode, output } };
  },
});
