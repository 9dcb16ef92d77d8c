import type { ActionContext } from "./action.ts";
import type { Watch } from "./pod-log.ts";
import { watchContainers } from "./watch-containers.ts";
import { watchPods } from "./watch-pods.ts";

/** Records every change of the lab's pods or containers, from their present state on. */
export async function startWatch(context: Pick<ActionContext, "sandbox" | "lab" | "rt">): Promise<Watch> {
  const { sandbox, lab, rt } = context;
  return sandbox.provider === "kind"
    ? watchPods(sandbox.kube, lab.namespaces, rt.clock)
    : watchContainers(sandbox, rt.clock);
}
