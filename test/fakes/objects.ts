import type { KubeObject } from "../../src/kube/kube.ts";

/** One container of a fake Deployment. */
export interface FakeContainer {
  readonly name?: string;
  readonly [field: string]: unknown;
}

/** A healthy Deployment "payments" in "shop", as the API server tells of it; `spec` and `status` are merged over the defaults. */
export function fakeDeployment(
  parts: {
    name?: string;
    spec?: object;
    status?: object;
    containers?: readonly FakeContainer[];
    labels?: Record<string, string>;
  } = {},
): KubeObject {
  const name = parts.name ?? "payments";
  const labels = parts.labels ?? { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop", uid: `d-${name}`, generation: 2, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels },
        spec: { containers: parts.containers ?? [{ name, image: "labs/go-app:v1" }] },
      },
      ...parts.spec,
    },
    status: {
      observedGeneration: 2,
      replicas: 2,
      updatedReplicas: 2,
      readyReplicas: 2,
      availableReplicas: 2,
      ...parts.status,
    },
  };
}

/** A ReplicaSet of a Deployment: "payments-1" with revision 1. */
export function fakeReplicaSet(revision: number, deployment = "payments"): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      name: `${deployment}-${revision}`,
      namespace: "shop",
      uid: `rs-${deployment}-${revision}`,
      creationTimestamp: `2026-01-01T00:00:0${revision}Z`,
      annotations: { "deployment.kubernetes.io/revision": String(revision) },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "Deployment", name: deployment, uid: `d-${deployment}`, controller: true },
      ],
    },
  };
}

/** A running, ready pod of "payments-1" unless told otherwise. */
export function fakePod(
  name: string,
  parts: {
    revision?: number;
    ready?: boolean;
    restarts?: number;
    state?: object;
    lastState?: object;
    phase?: string;
    terminating?: boolean;
  } = {},
): KubeObject {
  const owner = `payments-${parts.revision ?? 1}`;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid: `pod-${name}`,
      labels: { app: "payments" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: owner, uid: `rs-${owner}`, controller: true },
      ],
      ...(parts.terminating === true ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
    },
    spec: { containers: [{ name: "payments" }] },
    status: {
      phase: parts.phase ?? "Running",
      podIP: "10.244.0.9",
      conditions: [{ type: "Ready", status: (parts.ready ?? true) ? "True" : "False" }],
      containerStatuses: [
        {
          name: "payments",
          restartCount: parts.restarts ?? 0,
          state: parts.state ?? { running: {} },
          lastState: parts.lastState ?? {},
        },
      ],
    },
  };
}
