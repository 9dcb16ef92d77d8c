import type { KubeObject } from "../../kube/kube.ts";

/** Namespaces of the system whose objects are compared; those of labs come and go as a whole. */
export const comparedNamespaces = ["kube-system", "kube-public", "default", "local-path-storage"];

/** A kind that the baseline covers. `pick`: its compared fields; undefined leaves the object out. */
export interface ComparedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly pick: (object: KubeObject) => Record<string, unknown> | undefined;
}

type Pick = ComparedKind["pick"];

function fields(...names: string[]): Pick {
  return (object) => Object.fromEntries(names.flatMap((name) => (name in object ? [[name, object[name]]] : [])));
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function without(value: unknown, ...names: string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record(value)).filter(([key]) => !names.includes(key)));
}

/** Only objects that no controller made. */
function ownerless(pick: Pick): Pick {
  return (object) => (object.metadata.ownerReferences?.length ? undefined : pick(object));
}

function except(names: readonly string[], pick: Pick): Pick {
  return (object) => (names.includes(object.metadata.name) ? undefined : pick(object));
}

/** An annotation that decides something, unlike those in which controllers keep notes. */
function withAnnotation(key: string, pick: Pick): Pick {
  return (object) => {
    const value = object.metadata.annotations?.[key];
    return { ...pick(object), ...(value === undefined ? {} : { metadata: { annotations: { [key]: value } } }) };
  };
}

// Set and taken away by controllers as nodes come and go.
const passingTaint = /^node\.kubernetes\.io\/(not-ready|unreachable|.*-pressure|network-unavailable|unschedulable)$/;

const node: Pick = ({ metadata, spec }) => {
  const { taints, unschedulable } = record(spec);
  const kept = (Array.isArray(taints) ? taints : [])
    .filter((taint) => !passingTaint.test(String(record(taint)["key"])))
    .map((taint) => without(taint, "timeAdded"));
  return {
    metadata: { labels: metadata.labels ?? {} },
    spec: { ...(kept.length === 0 ? {} : { taints: kept }), ...(unschedulable === true ? { unschedulable } : {}) },
  };
};

const clusterRole: Pick = (object) =>
  object["aggregationRule"] === undefined || object["aggregationRule"] === null
    ? fields("rules")(object)
    : fields("aggregationRule")(object);

const apiService: Pick = ({ spec }) => (record(spec)["service"] ? { spec: without(spec, "caBundle") } : undefined);

const webhooks: Pick = ({ webhooks: list }) => ({
  webhooks: (Array.isArray(list) ? list : []).map((hook) => {
    const { clientConfig } = record(hook);
    return { ...record(hook), clientConfig: without(clientConfig, "caBundle") };
  }),
});

const secret: Pick = (object) =>
  object["type"] === "bootstrap.kubernetes.io/token" || object["type"] === "kubernetes.io/service-account-token"
    ? undefined
    : fields("type", "data")(object);

// Written by controllers and by kubeadm's own clean-up.
const writtenConfigMaps = [
  "cluster-info",
  "kube-root-ca.crt",
  "extension-apiserver-authentication",
  "kube-apiserver-legacy-service-account-token-tracking",
];

const spec = fields("spec");
const nameOnly: Pick = () => ({});
const admission = "admissionregistration.k8s.io/v1";
const rbac = "rbac.authorization.k8s.io/v1";

function cluster(apiVersion: string, kind: string, pick: Pick): ComparedKind {
  return { apiVersion, kind, namespaced: false, pick };
}

function inNamespace(apiVersion: string, kind: string, pick: Pick): ComparedKind {
  return { apiVersion, kind, namespaced: true, pick };
}

/** Every kind that the baseline covers, with what is compared of it; never status, nor anything that an idle cluster changes. */
export const comparedKinds: readonly ComparedKind[] = [
  cluster("v1", "Node", node),
  cluster("v1", "Namespace", ({ metadata }) => ({ metadata: { labels: metadata.labels ?? {} } })),
  cluster("v1", "PersistentVolume", spec),
  cluster(rbac, "ClusterRole", clusterRole),
  cluster(rbac, "ClusterRoleBinding", fields("subjects", "roleRef")),
  cluster("apiextensions.k8s.io/v1", "CustomResourceDefinition", spec),
  cluster("apiregistration.k8s.io/v1", "APIService", apiService),
  cluster(admission, "ValidatingWebhookConfiguration", webhooks),
  cluster(admission, "MutatingWebhookConfiguration", webhooks),
  cluster(admission, "ValidatingAdmissionPolicy", spec),
  cluster(admission, "ValidatingAdmissionPolicyBinding", spec),
  cluster(admission, "MutatingAdmissionPolicy", spec),
  cluster(admission, "MutatingAdmissionPolicyBinding", spec),
  cluster(
    "storage.k8s.io/v1",
    "StorageClass",
    withAnnotation(
      "storageclass.kubernetes.io/is-default-class",
      fields("provisioner", "parameters", "reclaimPolicy", "volumeBindingMode", "allowVolumeExpansion", "mountOptions"),
    ),
  ),
  cluster("networking.k8s.io/v1", "IngressClass", withAnnotation("ingressclass.kubernetes.io/is-default-class", spec)),
  cluster("scheduling.k8s.io/v1", "PriorityClass", fields("value", "globalDefault", "preemptionPolicy")),
  cluster("node.k8s.io/v1", "RuntimeClass", fields("handler", "overhead", "scheduling")),
  inNamespace("v1", "ConfigMap", except(writtenConfigMaps, fields("data", "binaryData"))),
  inNamespace("v1", "Secret", secret),
  inNamespace("v1", "Service", spec),
  inNamespace("v1", "ServiceAccount", nameOnly),
  inNamespace("v1", "ResourceQuota", spec),
  inNamespace("v1", "LimitRange", spec),
  inNamespace("v1", "Pod", ownerless(nameOnly)),
  inNamespace("v1", "PersistentVolumeClaim", nameOnly),
  inNamespace("v1", "ReplicationController", nameOnly),
  inNamespace(rbac, "Role", fields("rules")),
  inNamespace(rbac, "RoleBinding", fields("subjects", "roleRef")),
  inNamespace("apps/v1", "Deployment", spec),
  inNamespace("apps/v1", "DaemonSet", spec),
  inNamespace("apps/v1", "StatefulSet", spec),
  inNamespace("apps/v1", "ReplicaSet", ownerless(nameOnly)),
  inNamespace("batch/v1", "CronJob", nameOnly),
  inNamespace("batch/v1", "Job", ownerless(nameOnly)),
  inNamespace("autoscaling/v2", "HorizontalPodAutoscaler", nameOnly),
  inNamespace("networking.k8s.io/v1", "Ingress", nameOnly),
  inNamespace("networking.k8s.io/v1", "NetworkPolicy", spec),
  inNamespace("policy/v1", "PodDisruptionBudget", spec),
];
