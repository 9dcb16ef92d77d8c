import { environmentError } from "../../errors.ts";
import type { Kube, ObjectRef } from "../../kube/kube.ts";
import type { FaultEntry } from "../../lab/lab.ts";
import { applyObjects } from "./apply-objects.ts";

/** Kubernetes' own annotation of `kubectl rollout restart`, so that a restart looks like one. */
const restartedAt = "kubectl.kubernetes.io/restartedAt";

function refOf(entry: { kind: string; name: string; namespace?: string }, namespace: string): ObjectRef {
  return { kind: entry.kind, name: entry.name, namespace: entry.namespace ?? namespace };
}

async function restart(kube: Kube, workload: string, namespace: string, now: string): Promise<void> {
  const [kind = "", name = ""] = workload.split("/");
  const patch = { spec: { template: { metadata: { annotations: { [restartedAt]: now } } } } };
  await kube.patch({ kind: (await kindOf(kube, kind)) ?? kind, name, namespace }, patch, "merge");
}

async function kindOf(kube: Kube, lower: string): Promise<string | undefined> {
  return (await kube.resources()).find(({ kind }) => kind.toLowerCase() === lower)?.kind;
}

/** Carries out the entries of a fault in order. `now` is ISO 8601. */
export async function breakKind(
  kube: Kube,
  fault: readonly FaultEntry[],
  namespace: string,
  now: string,
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
      case "restart":
        await restart(kube, entry.workload, entry.namespace ?? namespace, now);
        break;
      case "recreate":
        throw environmentError("recreate is for Docker labs; lint tells so too");
    }
  }
}
