import { isCordoned } from "../../src/system/nodes.ts";
import type { Kube, KubeObject } from "../../src/kube/kube.ts";
import { fakeKube } from "./kube.ts";
import { fakeDeployment, fakePod } from "./workloads.ts";

/** A node that takes pods; a worker unless its name says otherwise. */
export function fakeNode(
  name: string,
  parts: { cordoned?: boolean; labels?: Record<string, string> } = {},
): KubeObject {
  const role: Record<string, string> = name.includes("control-plane")
    ? { "node-role.kubernetes.io/control-plane": "" }
    : {};
  const taints = [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" }];
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels: { ...role, ...parts.labels } },
    spec: parts.cordoned === true ? { unschedulable: true, taints } : {},
  };
}

/** A ready pod of deployment/checkout on a node. */
export function fakePodOn(node: string, name: string, parts: Parameters<typeof fakePod>[1] = {}): KubeObject {
  const pod = fakePod(name, { app: "checkout", ...parts });
  return { ...pod, spec: { ...Object(pod["spec"]), nodeName: node } };
}

/** How the API server refuses an eviction on behalf of a budget. */
export function refusedBy(budget: string, cause: string) {
  const causes = [{ reason: "DisruptionBudget", message: `The disruption budget ${budget} ${cause}` }];
  const message = "Cannot evict pod as it would violate the pod's disruption budget.";
  return { status: 429, text: "", body: { message, reason: "TooManyRequests", details: { causes } } };
}

/** An eviction that was accepted. */
export const evictionAccepted = { status: 201, text: "", body: {} };

/** The name of the pod in the path of an eviction. */
export function evictedPod(method: string, path: string): string {
  const [, name] = /^\/api\/v1\/namespaces\/shop\/pods\/([^/]+)\/eviction(?:\?dryRun=All)?$/.exec(path) ?? [];
  if (method !== "POST" || name === undefined) throw new Error(`unexpected request ${method} ${path}`);
  return name;
}

/**
 * Two workers and deployment/checkout with copies on the first ones, of which so many may be away. A pod that is let go ends after 5 s; its
 * successor is ready 3 s later than the eviction, on the first node that is not cordoned, or waits for one.
 */
export function drainedCluster(now: () => number, { on, mayBeAway }: { on: readonly string[]; mayBeAway: number }) {
  const objects: KubeObject[] = [
    fakeNode("control-plane"),
    fakeNode("worker"),
    fakeNode("worker2"),
    fakeDeployment("checkout", on.length),
    ...on.map((node, index) => fakePodOn(node, `old-${index}`)),
  ];
  const log: string[] = [];
  const due: { readonly at: number; run(): void }[] = [];
  let made = 0;
  const swap = (name: string, to: KubeObject | undefined): void => {
    const at = objects.findIndex((one) => one.metadata.name === name);
    objects.splice(at, 1, ...(to === undefined ? [] : [to]));
  };
  const pass = (): void => {
    for (const one of due.splice(0)) {
      if (one.at <= now()) one.run();
      else due.push(one);
    }
  };
  const place = (name: string): void => {
    const free = objects.find(
      (one) => one.kind === "Node" && one.metadata.name.startsWith("worker") && !isCordoned(one),
    );
    if (free === undefined) due.push({ at: now() + 1, run: () => place(name) });
    else objects.push(fakePodOn(free.metadata.name, name));
  };
  const fixed = fakeKube(objects);
  const kube: Kube = fakeKube(objects, {
    get: async (ref) => {
      pass();
      return fixed.get(ref);
    },
    list: async (query) => {
      pass();
      return fixed.list(query);
    },
    patch: async (ref, patch) => {
      const { unschedulable } = Object(patch)["spec"];
      log.push(`${unschedulable === true ? "cordon" : "uncordon"} ${ref.name}`);
      const node = fakeNode(ref.name, { cordoned: unschedulable === true });
      swap(ref.name, node);
      return node;
    },
    request: async (method, path) => {
      pass();
      const name = evictedPod(method, path);
      const pod = objects.find((one) => one.metadata.name === name);
      if (pod === undefined) return { status: 404, text: "", body: {} };
      const healthy = objects.filter(
        (one) => one.kind === "Pod" && one.metadata.deletionTimestamp === undefined,
      ).length;
      const needed = on.length - mayBeAway;
      if (healthy <= needed) return refusedBy("checkout", `needs ${needed} healthy pods and has ${healthy} currently`);
      log.push(`evict ${name}`);
      made += 1;
      const successor = `new-${made}`;
      swap(name, { ...pod, metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z" } });
      due.push(
        { at: now() + 3000, run: () => place(successor) },
        { at: now() + 5000, run: () => swap(name, undefined) },
      );
      return evictionAccepted;
    },
  });
  return { kube, objects, log };
}
