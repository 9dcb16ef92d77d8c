import { randomBytes } from "node:crypto";
import { z } from "zod";
import { environmentError } from "../../../lib/errors.ts";
import type { KubeObject } from "../../../kube/kube.ts";
import { goAppImage } from "../../../images/versions.ts";
import type { ActionContext } from "../../action.ts";
import { newNodeKey } from "../../../system/new-nodes.ts";
import { observe } from "../../../lib/poll.ts";
import { decisionOn } from "./copies.ts";
import { clusterOf } from "../../../sandbox/capabilities.ts";

const TAKEN_UP_MS = 20_000;

/** Keeps everybody's pods off a new node but for copies, which tolerate it. */
const onlyCopies = { key: newNodeKey, effect: "NoSchedule" };

/** Lets copies onto a new node. */
export const newNodeToleration = { key: newNodeKey, operator: "Exists" };

// What a kubelet says about its node by itself. Roles, pools and the like are given by people.
const ownLabels = ["kubernetes.io/os", "kubernetes.io/arch", "beta.kubernetes.io/os", "beta.kubernetes.io/arch"];

const sizes = z.looseObject({
  status: z
    .looseObject({
      capacity: z.record(z.string(), z.string()).default({}),
      allocatable: z.record(z.string(), z.string()).default({}),
    })
    .prefault({}),
});

/** A node as it is when it has just joined: as large as `like`, ready, with no label but those of its kubelet. Nothing ever runs there. */
function newNode(name: string, like: KubeObject, now: number): KubeObject {
  const { capacity, allocatable } = sizes.parse(like).status;
  const labels = Object.entries(like.metadata.labels ?? {}).filter(([key]) => ownLabels.includes(key));
  const at = new Date(now).toISOString();
  const ready = {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    lastHeartbeatTime: at,
    lastTransitionTime: at,
  };
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { ...Object.fromEntries(labels), "kubernetes.io/hostname": name } },
    spec: { taints: [onlyCopies] },
    status: { capacity, allocatable, conditions: [ready] },
  };
}

/** A pod for this node only. In the system's namespace, where no quota of the lab or the learner counts it. */
function canary(node: string): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: node, namespace: "kube-system" },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": node },
      tolerations: [newNodeToleration],
      containers: [{ name: "canary", image: goAppImage, imagePullPolicy: "Never" }],
    },
  };
}

/**
 * Lets a node join that no kubelet serves, and waits until the scheduler uses it. It, and all pods on it, go with the returned function, or
 * with the experiment.
 */
export async function joinNode(
  context: Pick<ActionContext, "sandbox" | "journal" | "rt">,
  like: KubeObject,
): Promise<{ readonly node: KubeObject; readonly undo: () => Promise<void> }> {
  const { sandbox, journal, rt } = context;
  const { kube } = clusterOf(sandbox);
  const name = `${sandbox.name}-new-${randomBytes(3).toString("hex")}`;
  const sentence = `node ${name}, which an experiment had let join, was removed`;
  const undo = await journal.open({ undo: "remove-node", params: { name }, sentence });
  const node = await kube.create(newNode(name, like, await kube.time()));
  // The node controller holds a node back until it has looked at it, and the scheduler hears of both later. It uses the node once it has
  // placed something there; from then on a copy that waits does so because of what it asks for.
  const pod = canary(name);
  const ref = { apiVersion: "v1", kind: "Pod", name, namespace: "kube-system" };
  await kube.create(pod);
  const waited = await observe<undefined>(
    rt,
    async () => {
      const decision = decisionOn((await kube.get(ref)) ?? pod);
      if (decision?.node === name) return { done: true, value: undefined };
      return { done: false, seen: decision?.why ?? "the scheduler has not looked" };
    },
    { withinMs: TAKEN_UP_MS, everyMs: 200 },
  );
  if (!waited.ok) throw environmentError(`the new node was not taken up: ${waited.seen}`);
  return { node, undo };
}
