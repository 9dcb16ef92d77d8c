import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ContainerSpec, ContainerState } from "../../docker/docker.ts";
import { refusal } from "../../kube/kube-error.ts";
import { workload, workloadText } from "../../lab/workload.ts";
import { environmentError } from "../../lib/errors.ts";
import { duration } from "../../lib/units.ts";
import { cloneSpec } from "../../sandbox/docker/clone-container.ts";
import { containerName } from "../../sandbox/sandbox.ts";
import { type ActionContext, defineAction } from "../action.ts";
import { memberText } from "../../system/member.ts";
import { targetMembers } from "../../system/members.ts";
import { observe } from "../../lib/poll.ts";
import type { TargetRef } from "../../lab/target.ts";
import { workloadState } from "../../kube/workload.ts";
import { getWorkload } from "../../system/workload.ts";
import { type LeftOut, clonePod, leftOut } from "./place/copies.ts";
import { clusterOf, hasContainers } from "../../sandbox/capabilities.ts";

const params = z.strictObject({ of: workload, drop: leftOut, within: duration.prefault("60s") });

type Params = z.infer<typeof params>;

/** Makes the clone; undefined when there is nothing to clone, `refused` with the words of the API server. The journal has it first. */
async function make(
  { of, drop: left }: Params,
  context: ActionContext,
): Promise<TargetRef | { readonly refused: string } | undefined> {
  const { sandbox, journal, namespace } = context;
  const short = `${of.name}-clone-${randomBytes(3).toString("hex")}`;
  const sentence = `the clone of ${workloadText(of)} was removed`;
  if (hasContainers(sandbox)) {
    const state = await sandbox.docker.inspect(containerName(sandbox, of.name));
    if (state === undefined) return undefined;
    const name = containerName(sandbox, short);
    await journal.open({ undo: "remove-container", params: { name }, sentence });
    await sandbox.docker.run(cloneWithout(sandbox, state, short, left));
    return { kind: "container", name: short };
  }
  const { kube } = clusterOf(sandbox);
  const object = await getWorkload(kube, of, namespace);
  if (object === undefined) return undefined;
  const ref = { apiVersion: "v1", kind: "Pod", name: short, namespace };
  await journal.open({ undo: "remove-object", params: ref, sentence });
  try {
    await kube.create(clonePod(workloadState(object).template, { name: short, namespace }, left));
  } catch (error) {
    const said = refusal(error);
    if (said === undefined) throw error;
    return { refused: said };
  }
  return { kind: "pod", name: short };
}

/** Makes one copy of the learner's own workload with something left out; it is removed at the end of the experiment. */
export const clone = defineAction({
  name: "clone",
  summary: "Run a copy of a workload with something left out, to compare with",
  needs: [],
  params,
  async run(given, context) {
    const target = await make(given, context);
    const of = workloadText(given.of);
    if (target === undefined) return { finished: false, detail: `${of} does not exist`, refused: true };
    if ("refused" in target) {
      return { finished: false, detail: `a clone of ${of} was refused: ${target.refused}`, refused: true };
    }
    const waited = await observe(
      context.rt,
      async () => {
        const [member] = await targetMembers(context, target);
        if (member === undefined) throw environmentError(`the clone of ${of} is gone`);
        return member.ready ? { done: true, value: member } : { done: false, seen: memberText(member) };
      },
      { withinMs: given.within, onLook: (seen) => context.progress(`clone of ${of}: ${seen}`) },
    );
    const data = { target: `${target.kind}/${target.name}` };
    if (!waited.ok) return { finished: false, detail: `the clone of ${of} did not start: ${waited.seen}`, data };
    return { finished: true, detail: `${target.name} is a clone of ${of}`, targets: [target.name], data };
  },
});

/** A container like this one under another short name, with some of it left out. */
export function cloneWithout(
  sandbox: { readonly name: string },
  state: ContainerState,
  name: string,
  without: LeftOut,
): ContainerSpec {
  const env = Object.fromEntries(Object.entries(state.env).filter(([key]) => !without.env.includes(key)));
  return cloneSpec(sandbox, { ...state, env }, { name, ...(without.cpuLimit ? { cpus: null } : {}) });
}
