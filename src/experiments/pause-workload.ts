import { environmentError } from "../lib/errors.ts";
import { workloadText, type WorkloadRef } from "../lab/workload.ts";
import type { ActionContext, Companion } from "./action.ts";
import { workloadMembers } from "./members.ts";
import { observe } from "./observe.ts";
import { getWorkload, workloadState } from "./workload-state.ts";

const WITHIN_MS = 45_000;

/** Takes all pods of a workload away; the journal gives them back at the end of the experiment. */
export async function pauseWorkload(
  context: ActionContext,
  ref: WorkloadRef,
  namespace = context.namespace,
): Promise<Companion> {
  const { sandbox, journal, rt, progress } = context;
  const name = workloadText(ref);
  if (sandbox.provider !== "kind") throw environmentError(`${name} cannot be paused`);
  const object = await getWorkload(sandbox.kube, ref, namespace);
  if (object === undefined) throw environmentError(`${name} cannot be paused, it is not there`);
  const { apiVersion, kind } = object;
  const place = { apiVersion, kind, name: ref.name, namespace };
  const { desired } = workloadState(object);
  const sentence = `${name}, which an experiment had paused, was scaled back to ${desired}`;
  await journal.open({ undo: "scale-back", params: { ...place, replicas: desired }, sentence });
  await sandbox.kube.patch(place, { spec: { replicas: 0 } }, "merge", "scale");
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
