import { z } from "zod";
import { type WorkloadRef, workload, workloadText } from "../../lab/workload.ts";
import { environmentError } from "../../lib/errors.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type ActionContext, type Companion, defineAction } from "../action.ts";
import { workloadMembers } from "../../system/members.ts";
import { observe } from "../../lib/poll.ts";
import { clusterOf, containersOf } from "../../sandbox/capabilities.ts";
import { workloadState } from "../../kube/workload.ts";
import { getWorkload } from "../../system/workload.ts";

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
  const { docker } = containersOf(sandbox);
  const state = await docker.inspect(name);
  const outcome = { finished: true, detail: `${container} was frozen`, targets: [container] };
  // Frozen already, by the learner: then thawing it is not ours to do.
  if (state?.status === "paused") return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
  if (state?.status !== "running") {
    throw environmentError(`container ${container} cannot be frozen, it is ${state?.status ?? "not there"}`);
  }
  const sentence = `the container ${container}, which an experiment had frozen, goes on`;
  await journal.open({ undo: "unpause", params: { name }, sentence });
  await docker.pause(name);
  return { steady: () => Promise.resolve(), end: () => Promise.resolve(outcome) };
}

/** Stops the lab's own clients until the experiment is over, its control included: so nothing else uses the CPU that is measured. */
export const pause = defineAction({
  name: "pause",
  summary: "Freeze a container, or take a workload's pods away, until the experiment is over",
  needs: [],
  params,
  async accompany(given, context) {
    if (given.workload !== undefined) return pauseWorkload(context, given.workload, given.namespace);
    return freeze(context, given.container ?? "");
  },
});

const WITHIN_MS = 45_000;

/** Takes all pods of a workload away; the journal gives them back at the end of the experiment. */
export async function pauseWorkload(
  context: ActionContext,
  ref: WorkloadRef,
  namespace = context.namespace,
): Promise<Companion> {
  const { sandbox, journal, rt, progress } = context;
  const name = workloadText(ref);
  const { kube } = clusterOf(sandbox);
  const object = await getWorkload(kube, ref, namespace);
  if (object === undefined) throw environmentError(`${name} cannot be paused, it is not there`);
  const { apiVersion, kind } = object;
  const place = { apiVersion, kind, name: ref.name, namespace };
  const { desired } = workloadState(object);
  const sentence = `${name}, which an experiment had paused, was scaled back to ${desired}`;
  await journal.open({ undo: "scale-back", params: { ...place, replicas: desired }, sentence });
  await kube.patch(place, { spec: { replicas: 0 } }, "merge", "scale");
  return {
    async steady() {
      const waited = await observe(
        rt,
        async () => {
          const members = await workloadMembers({ sandbox, namespace }, ref);
          if (members.length === 0) return { done: true, value: undefined };
          return { done: false, seen: `${members.length} pods are still there` };
        },
        { withinMs: WITHIN_MS, onLook: (seen) => progress(`pausing ${name}: ${seen}`) },
      );
      if (!waited.ok) throw environmentError(`${name} did not pause: ${waited.seen}`);
    },
    end: () => Promise.resolve({ finished: true, detail: `${name} was paused`, targets: [name] }),
  };
}
