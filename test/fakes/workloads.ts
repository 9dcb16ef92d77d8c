import type { KubeObject } from "../../src/kube/kube.ts";

/** What matters of a pod. */
export interface PodParts {
  readonly uid?: string;
  readonly app?: string;
  readonly ready?: boolean;
  readonly restarts?: number;
  /** Its container has a liveness probe, with so many seconds before it begins. */
  readonly livenessDelay?: number;
  readonly waiting?: string;
  readonly ip?: string;
  readonly terminating?: boolean;
  readonly lastEnd?: { readonly reason: string; readonly exitCode: number; readonly finishedAt: string };
  readonly env?: readonly { readonly name: string; readonly value?: string }[];
}

/** A ready pod of `deployment/<app>` in namespace shop, with an admin port. */
export function fakePod(name: string, parts: PodParts = {}): KubeObject {
  const { uid = `uid-${name}`, app = "payments", ready = true, restarts = 0, waiting, ip = "10.244.0.9" } = parts;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name,
      namespace: "shop",
      uid,
      labels: { app, "pod-template-hash": "7d9f" },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "ReplicaSet", name: `${app}-7d9f`, uid: "rs", controller: true },
      ],
      ...(parts.terminating === true ? { deletionTimestamp: "2026-01-01T00:00:00Z" } : {}),
    },
    spec: {
      nodeName: "labs-abc123-0w-control-plane",
      containers: [
        {
          name: "main",
          image: "labs/go-app:v1",
          env: parts.env ?? [{ name: "ADMIN_TOKEN", value: "t0ken" }],
          ...(parts.livenessDelay === undefined ? {} : { livenessProbe: { initialDelaySeconds: parts.livenessDelay } }),
        },
      ],
    },
    status: {
      phase: "Running",
      podIP: ip,
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      containerStatuses: [
        {
          name: "main",
          restartCount: restarts,
          containerID: `containerd://${uid}-${restarts}`,
          state:
            waiting === undefined
              ? { running: { startedAt: "2026-01-01T00:00:00Z" } }
              : { waiting: { reason: waiting } },
          lastState: parts.lastEnd === undefined ? {} : { terminated: parts.lastEnd },
        },
      ],
    },
  };
}

/** A Deployment in namespace shop whose pods carry `app=<name>`, all there and available. */
export function fakeDeployment(name: string, replicas: number, status: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "shop", uid: `uid-deployment-${name}`, generation: 1 },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          containers: [
            {
              name: "main",
              image: "labs/go-app:v1",
              env: [
                { name: "GOMAXPROCS", value: "16" },
                { name: "PORT", value: "8080" },
              ],
              resources: { limits: { cpu: "1", memory: "64Mi" }, requests: { cpu: "100m" } },
            },
          ],
        },
      },
    },
    status: {
      observedGeneration: 1,
      replicas,
      readyReplicas: replicas,
      updatedReplicas: replicas,
      availableReplicas: replicas,
      ...status,
    },
  };
}
