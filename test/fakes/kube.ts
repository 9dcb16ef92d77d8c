import type { ApiResource, Kube, KubeObject } from "../../src/kube/kube.ts";
import { KubeError } from "../../src/kube/kube-error.ts";
import { matchesSelector } from "./label-selector.ts";
import { strict } from "./strict.ts";

const known: readonly [apiVersion: string, kind: string, plural: string, namespaced: boolean][] = [
  ["v1", "Pod", "pods", true],
  ["v1", "Service", "services", true],
  ["v1", "ConfigMap", "configmaps", true],
  ["v1", "Secret", "secrets", true],
  ["v1", "ServiceAccount", "serviceaccounts", true],
  ["v1", "ResourceQuota", "resourcequotas", true],
  ["v1", "LimitRange", "limitranges", true],
  ["v1", "PersistentVolumeClaim", "persistentvolumeclaims", true],
  ["v1", "Namespace", "namespaces", false],
  ["v1", "Node", "nodes", false],
  ["apps/v1", "Deployment", "deployments", true],
  ["apps/v1", "ReplicaSet", "replicasets", true],
  ["apps/v1", "StatefulSet", "statefulsets", true],
  ["apps/v1", "DaemonSet", "daemonsets", true],
  ["batch/v1", "Job", "jobs", true],
  ["batch/v1", "CronJob", "cronjobs", true],
  ["policy/v1", "PodDisruptionBudget", "poddisruptionbudgets", true],
  ["networking.k8s.io/v1", "NetworkPolicy", "networkpolicies", true],
  ["discovery.k8s.io/v1", "EndpointSlice", "endpointslices", true],
  ["autoscaling/v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers", true],
  ["rbac.authorization.k8s.io/v1", "Role", "roles", true],
  ["rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings", true],
  ["rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", false],
  ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "clusterrolebindings", false],
];

const verbs = ["create", "delete", "get", "list", "patch", "update", "watch"];

/** What discovery of the fake cluster tells. */
export const fakeResources: readonly ApiResource[] = known.map(([apiVersion, kind, plural, namespaced]) => ({
  apiVersion,
  kind,
  plural,
  namespaced,
  verbs,
}));

function has(kind: string, apiVersion?: string): void {
  if (fakeResources.some((one) => one.kind === kind && (apiVersion ?? one.apiVersion) === one.apiVersion)) return;
  throw new KubeError(`the server has no resource of kind ${kind}`, { status: 404, reason: "NotFound" });
}

/**
 * A cluster that holds these objects and can only be read. The array is live: change it between looks. Kinds outside `fakeResources` are
 * refused as a real API server does; every call that is neither a read nor in `parts` throws.
 */
export function fakeKube(objects: readonly KubeObject[] = [], parts: Partial<Kube> = {}): Kube {
  return strict<Kube>("kube", {
    kubeconfig: "/home/me/.labs/kubeconfig",
    time: async () => Date.parse("2026-01-01T00:00:00Z"),
    resources: async () => fakeResources,
    forget: () => undefined,
    close: async () => undefined,
    get: async (ref) => {
      has(ref.kind, ref.apiVersion);
      return structuredClone(
        objects.find(
          ({ kind, metadata }) =>
            kind === ref.kind &&
            metadata.name === ref.name &&
            (ref.namespace === undefined || metadata.namespace === undefined || metadata.namespace === ref.namespace),
        ),
      );
    },
    list: async (query) => {
      has(query.kind, query.apiVersion);
      if (query.fieldSelector !== undefined) throw new Error("the fake cluster knows no field selectors");
      return structuredClone(
        objects.filter(
          ({ kind, metadata }) =>
            kind === query.kind &&
            (query.namespace === undefined || metadata.namespace === query.namespace) &&
            matchesSelector(metadata.labels ?? {}, query.labelSelector ?? ""),
        ),
      );
    },
    ...parts,
  });
}
