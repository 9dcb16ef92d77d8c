import { z } from "zod";
import type { WorkloadRef } from "../lab/workload.ts";
import { containerName } from "../sandbox/sandbox.ts";
import type { ActionContext } from "./action.ts";
import { getWorkload, workloadState } from "./workload-state.ts";

const templateShape = z.looseObject({
  spec: z.looseObject({ containers: z.array(z.looseObject({ image: z.string() })).min(1) }),
});

/** The image that a workload runs now, as the learner left it; undefined when it does not exist. */
export async function learnerImage(
  { sandbox, namespace }: Pick<ActionContext, "sandbox" | "namespace">,
  ref: WorkloadRef,
): Promise<string | undefined> {
  if (sandbox.provider === "docker") return (await sandbox.docker.inspect(containerName(sandbox, ref.name)))?.imageId;
  const object = await getWorkload(sandbox.kube, ref, namespace);
  if (object === undefined) return undefined;
  return templateShape.parse(workloadState(object).template).spec.containers[0]?.image;
}
