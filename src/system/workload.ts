import type { Kube, KubeObject } from "../kube/kube.ts";
import { workloadKind, workloadText, type WorkloadRef } from "../lab/workload.ts";

/** The object of a workload; undefined when it does not exist. */
export async function getWorkload(kube: Kube, ref: WorkloadRef, namespace: string): Promise<KubeObject | undefined> {
  const kind = workloadKind(ref);
  if (kind === undefined) throw new Error(`${workloadText(ref)} is a container, and this sandbox is a cluster`);
  return kube.get({ apiVersion: "apps/v1", kind, name: ref.name, namespace });
}
