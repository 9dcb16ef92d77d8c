import { z } from "zod";
import { clusterOf } from "../../sandbox/capabilities.ts";
import { removeNodeAndPods } from "../../system/new-nodes.ts";
import { isCordoned } from "../../system/nodes.ts";
import type { UndoType } from "./undo.ts";

/** Names an object in a journal entry. */
export const objectRef = z.strictObject({
  apiVersion: z.string(),
  kind: z.string(),
  name: z.string(),
  namespace: z.exactOptional(z.string()),
});

function type<Params>(undo: UndoType<Params>): UndoType<Params> {
  return undo;
}

/** Deletes an object of ours. */
export const removeObject = type({
  name: "remove-object",
  params: objectRef,
  async run(ref, sandbox) {
    await clusterOf(sandbox).kube.delete(ref, { graceSeconds: 0, propagation: "Background" });
  },
});

/** Gives a workload its number of replicas back. */
export const scaleBack = type({
  name: "scale-back",
  params: z.strictObject({ ...objectRef.shape, replicas: z.int().min(0) }),
  async run({ replicas, ...ref }, sandbox) {
    const kube = clusterOf(sandbox).kube;
    // The learner may have deleted it meanwhile.
    if ((await kube.get(ref)) === undefined) return;
    await kube.patch(ref, { spec: { replicas } }, "merge", "scale");
  },
});

/** Lets a node take pods again. */
export const uncordon = type({
  name: "uncordon",
  params: z.strictObject({ name: z.string() }),
  async run({ name }, sandbox) {
    const kube = clusterOf(sandbox).kube;
    const ref = { apiVersion: "v1", kind: "Node", name };
    const node = await kube.get(ref);
    // The learner may have been faster.
    if (node === undefined || !isCordoned(node)) return;
    await kube.patch(ref, { spec: { unschedulable: null } }, "merge");
  },
});

/** Removes a node that an experiment let join. */
export const removeNode = type({
  name: "remove-node",
  params: z.strictObject({ name: z.string() }),
  run: ({ name }, sandbox) => removeNodeAndPods(clusterOf(sandbox).kube, name),
});
