import { observe } from "../../lib/poll.ts";
import type { KubeObject } from "../../kube/kube.ts";
import { numberAt, textAt } from "../../lib/fields.ts";
import { agentProblem } from "../../sandbox/kind/spoilt-agent.ts";
import { kubeOf, objectText } from "../../system/objects.ts";
import { podWorkload } from "../../system/owner.ts";
import type { CheckContext } from "../check.ts";

/** A pod that was just made anew takes a moment. */
const WITHIN_MS = 8000;

const replicated: ReadonlySet<string> = new Set(["Deployment", "StatefulSet"]);

/** Pods that have been started and have not ended. Whether they are ready does not matter: the stage fails by its own schedule. */
function isRunning(pod: KubeObject): boolean {
  return pod.metadata.deletionTimestamp === undefined && textAt(pod, "status", "phase") === "Running";
}

async function problems(context: CheckContext, stage: readonly KubeObject[]): Promise<string[]> {
  const kube = kubeOf(context);
  const workloads = stage.filter(({ kind }) => replicated.has(kind));
  const namespaces = [...new Set(workloads.map(({ metadata }) => metadata.namespace ?? ""))];
  const [agent, ...lists] = await Promise.all([
    agentProblem(context.rt, kube),
    ...namespaces.map((namespace) => kube.list({ apiVersion: "v1", kind: "Pod", namespace })),
  ]);
  const running = lists.flat().filter(isRunning);
  const short = workloads.flatMap((workload) => {
    const { namespace } = workload.metadata;
    const wanted = numberAt(workload, "spec", "replicas") ?? 1;
    const has = running.filter(
      (pod) => pod.metadata.namespace === namespace && podWorkload(pod) === objectText(workload),
    ).length;
    return has >= wanted ? [] : [`${objectText(workload)} in ${namespace ?? ""} runs ${has} of ${wanted} pods`];
  });
  return agent === undefined ? short : [agent, ...short];
}

/** What of the stage and our own agent does not run though it is there: no pods, no image, no room. Empty as soon as all of it runs. */
export async function notRunning(context: CheckContext, stage: readonly KubeObject[]): Promise<readonly string[]> {
  let found: readonly string[] = [];
  await observe<undefined>(
    context.rt,
    async () => {
      found = await problems(context, stage);
      return found.length === 0 ? { done: true, value: undefined } : { done: false, seen: found.join("; ") };
    },
    { withinMs: WITHIN_MS },
  );
  return found;
}
