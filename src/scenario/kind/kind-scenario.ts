import { removeNewNodes } from "../../system/new-nodes.ts";
import type { KubeObject } from "../../kube/kube.ts";
import type { Lab } from "../../lab/lab.ts";
import type { Runtime } from "../../runtime.ts";
import { captureBaseline } from "../../sandbox/baseline/capture.ts";
import { removeNamespaces } from "../../sandbox/baseline/remove-namespaces.ts";
import { restoreBaseline } from "../../sandbox/baseline/restore.ts";
import { loadBaseline, saveBaseline } from "../../sandbox/baseline/store.ts";
import { endContainers } from "../../sandbox/kind/nodes.ts";
import type { KindSandbox } from "../../sandbox/sandbox.ts";
import type { Scenario } from "../scenario.ts";
import { applyObjects } from "./apply-objects.ts";
import { breakKind } from "./break-kind.ts";
import { dressedNodes, dressNodes, undressNodes } from "./lab-nodes.ts";
import { isOwn, markOwn, ownNamespace } from "./own-objects.ts";
import { pinStage } from "./pin-stage.ts";
import { readSessionSecret, removeSessionSecret, writeSessionSecret } from "./session-secret.ts";
import { awaitObjects, awaitWorkloads } from "./workload-health.ts";

/** Images are in the nodes already: what takes longer than this is stuck. */
const healthyWithinMs = 90_000;

function own({ namespaces }: Pick<Lab, "namespaces">, objects: readonly KubeObject[]): KubeObject[] {
  return objects.map((object) => markOwn(object, namespaces));
}

/** Labs in a kind cluster. */
export function kindScenario(rt: Runtime, sandbox: KindSandbox): Scenario {
  const { kube } = sandbox;
  const live = async (objects: readonly KubeObject[]): Promise<KubeObject[]> => {
    const found = await Promise.all(
      objects.map(({ apiVersion, kind, metadata: { name, namespace } }) =>
        kube.get({ apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) }),
      ),
    );
    return found.filter((object) => object !== undefined);
  };
  return {
    takeStock: async () => {
      if ((await loadBaseline(rt, sandbox)) !== undefined) return;
      await saveBaseline(rt, sandbox, await captureBaseline(kube));
    },
    layStage: async ({ lab }) => {
      await applyObjects(kube, lab.namespaces.map(ownNamespace));
      await applyObjects(kube, own(lab, lab.stage.map(pinStage)));
    },
    layBase: async ({ lab }) => {
      await dressNodes(kube, sandbox.nodes, lab.nodes);
      await applyObjects(kube, own(lab, lab.base));
    },
    awaitHealthy: async ({ lab }, note) => {
      const objects = [...own(lab, lab.stage.map(pinStage)), ...own(lab, lab.base)];
      await awaitObjects(rt, kube, objects, { withinMs: healthyWithinMs, note });
    },
    reference: async ({ lab }) => ({
      provider: "kind",
      stage: await live(lab.stage),
      base: [...(await live(lab.base)), ...(await dressedNodes(kube, sandbox.nodes, lab.nodes))],
    }),
    breakIt: async ({ lab, variant }) =>
      breakKind(
        kube,
        variant.fault.map((entry) => (entry.do === "apply" ? { ...entry, objects: own(lab, entry.objects) } : entry)),
        lab.namespaces[0] ?? "default",
        {
          now: new Date(rt.clock.now()).toISOString(),
          rolledOut: (workload) =>
            awaitWorkloads(rt, kube, [workload], { withinMs: healthyWithinMs, note: () => undefined }),
        },
      ),
    remember: async (session) => writeSessionSecret(kube, session),
    recall: async () => readSessionSecret(kube),
    clear: async (note) => {
      const baseline = await loadBaseline(rt, sandbox);
      if (baseline === undefined) return { cleaned: [], clean: false };
      const present = await kube.list({ apiVersion: "v1", kind: "Namespace" });
      const extra = present.filter(({ metadata }) => !baseline.namespaces.includes(metadata.name));
      note("removing the lab's objects");
      // Pods on such a node end with it only.
      await removeNewNodes(kube);
      // What hangs here may hang on a webhook or finalizer that restoring takes away first; it has the last word.
      await removeNamespaces(
        rt,
        kube,
        extra.map(({ metadata }) => metadata.name),
        (namespace) => endContainers(sandbox, namespace),
      );
      note("comparing with what was there before");
      await undressNodes(kube);
      const restored = await restoreBaseline(rt, kube, baseline, isOwn);
      for (const left of restored.left) note(left);
      await removeSessionSecret(kube);
      const foreign = extra.filter(({ metadata }) => !isOwn(metadata));
      const namespaces = foreign.map(({ metadata }) => `namespace ${metadata.name} removed`);
      return { cleaned: [...namespaces, ...restored.cleaned], clean: restored.held };
    },
    describe: () => [],
  };
}
