import { environmentError } from "../../lib/errors.ts";
import type { Kube, KubeObject, ObjectRef } from "../../kube/kube.ts";
import type { FaultEntry } from "../../lab/lab.ts";
import { applyObjects } from "./apply-objects.ts";

/** Kubernetes' own annotation of `kubectl rollout restart`, so that a restart looks like one. */
const restartedAt = "kubectl.kubernetes.io/restartedAt";

function refOf(entry: { kind: string; name: string; namespace?: string }, namespace: string): ObjectRef {
  return { kind: entry.kind, name: entry.name, namespace: entry.namespace ?? namespace };
}

async function workloadRef(kube: Kube, workload: string, namespace: string): Promise<ObjectRef> {
  const [kind = "", name = ""] = workload.split("/");
  return { kind: (await kindOf(kube, kind)) ?? kind, name, namespace };
}

async function kindOf(kube: Kube, lower: string): Promise<string | undefined> {
  return (await kube.resources()).find(({ kind }) => kind.toLowerCase() === lower)?.kind;
}

/** When a fault is carried out, as ISO 8601, and how to wait until a workload has rolled out. */
export interface Breaking {
  readonly now: string;
  readonly rolledOut: (workload: KubeObject) => Promise<void>;
}

/** Carries out the entries of a fault in order. */
export async function breakKind(
  kube: Kube,
  fault: readonly FaultEntry[],
  namespace: string,
  { now, rolledOut }: Breaking,
): Promise<void> {
  for (const entry of fault) {
    switch (entry.do) {
      case "apply":
        await applyObjects(kube, entry.objects);
        break;
      case "delete":
        await kube.delete(refOf(entry, namespace));
        break;
      case "patch":
        await kube.patch(refOf(entry, namespace), entry.patch, "merge");
        break;
      case "restart": {
        const ref = await workloadRef(kube, entry.workload, entry.namespace ?? namespace);
        const live = entry.settled === true ? await kube.get(ref) : undefined;
        if (live !== undefined) await rolledOut(live);
        await kube.patch(ref, { spec: { template: { metadata: { annotations: { [restartedAt]: now } } } } }, "merge");
        break;
      }
      case "recreate":
        throw environmentError("recreate is for Docker labs; lint tells so too");
    }
  }
}
