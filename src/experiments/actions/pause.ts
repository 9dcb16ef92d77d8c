import { z } from "zod";
import { environmentError } from "../../lib/errors.ts";
import { workload } from "../../lab/workload.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { defineAction, type ActionContext, type Companion } from "../action.ts";
import { pauseWorkload } from "../pause-workload.ts";

const NAME = /^(?:container\/)?[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?$/;

const params = z
  .strictObject({
    container: z
      .string()
      .regex(NAME, "write the name of a container")
      .transform((text) => text.replace(/^container\//, ""))
      .optional(),
    workload: workload
      .refine((ref) => ref.kind === "deployment" || ref.kind === "statefulset", "has no replicas")
      .optional(),
    namespace: z.string().optional(),
  })
  .refine((given) => (given.container === undefined) !== (given.workload === undefined), "give container or workload");

async function freeze({ sandbox, journal }: ActionContext, container: string): Promise<Companion> {
  const name = containerName(sandbox, container);
  const state = await sandbox.docker.inspect(name);
  const outcome = { finished: true, detail: `${container} was frozen`, targets: [container] };
  // Frozen already, by the learner: then thawing it is not ours to do.
  if (state?.status === "paused") return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
  if (state?.status !== "running") {
    throw environmentError(`container ${container} cannot be frozen, it is ${state?.status ?? "not there"}`);
  }
  const sentence = `the container ${container}, which an experiment had frozen, goes on`;
  await journal.open({ undo: "unpause", params: { name }, sentence });
  await sandbox.docker.pause(name);
  return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
}

/** Stops the lab's own clients until the experiment is over, its control included: so nothing else uses the CPU that is measured. */
export const pause = defineAction({
  name: "pause",
  summary: "Freeze a container, or take a workload's pods away, until the experiment is over",
  providers: ["kind", "docker"],
  params,
  async accompany(given, context) {
    if (given.workload !== undefined) return pauseWorkload(context, given.workload, given.namespace);
    return freeze(context, given.container ?? "");
  },
});
