/** Kinds of one group and version, by where they live. */
interface Kinds {
  readonly namespaced?: readonly string[];
  readonly cluster?: readonly string[];
}

/** The minor version of Kubernetes whose kinds these are; a test holds the pinned one to it. */
export const kindsOf = "v1.36";

/** What an API server of this version serves by itself: api/discovery/aggregated_v2.json of its source, without alpha and beta. */
export const builtInKinds: Readonly<Record<string, Kinds>> = {
  v1: {
    namespaced: [
      "Binding",
      "ConfigMap",
      "Endpoints",
      "Event",
      "LimitRange",
      "PersistentVolumeClaim",
      "Pod",
      "PodTemplate",
      "ReplicationController",
      "ResourceQuota",
      "Secret",
      "Service",
      "ServiceAccount",
    ],
    cluster: ["ComponentStatus", "Namespace", "Node", "PersistentVolume"],
  },
  "admissionregistration.k8s.io/v1": {
    cluster: [
      "MutatingAdmissionPolicy",
      "MutatingAdmissionPolicyBinding",
      "MutatingWebhookConfiguration",
      "ValidatingAdmissionPolicy",
      "ValidatingAdmissionPolicyBinding",
      "ValidatingWebhookConfiguration",
    ],
  },
  "apiextensions.k8s.io/v1": { cluster: ["CustomResourceDefinition"] },
  "apiregistration.k8s.io/v1": { cluster: ["APIService"] },
  "apps/v1": { namespaced: ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"] },
  "authentication.k8s.io/v1": { cluster: ["SelfSubjectReview", "TokenReview"] },
  "authorization.k8s.io/v1": {
    namespaced: ["LocalSubjectAccessReview"],
    cluster: ["SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview"],
  },
  "autoscaling/v1": { namespaced: ["HorizontalPodAutoscaler"] },
  "autoscaling/v2": { namespaced: ["HorizontalPodAutoscaler"] },
  "batch/v1": { namespaced: ["CronJob", "Job"] },
  "certificates.k8s.io/v1": { cluster: ["CertificateSigningRequest"] },
  "coordination.k8s.io/v1": { namespaced: ["Lease"] },
  "discovery.k8s.io/v1": { namespaced: ["EndpointSlice"] },
  "events.k8s.io/v1": { namespaced: ["Event"] },
  "flowcontrol.apiserver.k8s.io/v1": { cluster: ["FlowSchema", "PriorityLevelConfiguration"] },
  "networking.k8s.io/v1": {
    namespaced: ["Ingress", "NetworkPolicy"],
    cluster: ["IPAddress", "IngressClass", "ServiceCIDR"],
  },
  "node.k8s.io/v1": { cluster: ["RuntimeClass"] },
  "policy/v1": { namespaced: ["PodDisruptionBudget"] },
  "rbac.authorization.k8s.io/v1": {
    namespaced: ["Role", "RoleBinding"],
    cluster: ["ClusterRole", "ClusterRoleBinding"],
  },
  "resource.k8s.io/v1": {
    namespaced: ["ResourceClaim", "ResourceClaimTemplate"],
    cluster: ["DeviceClass", "ResourceSlice"],
  },
  "scheduling.k8s.io/v1": { cluster: ["PriorityClass"] },
  "storage.k8s.io/v1": {
    namespaced: ["CSIStorageCapacity"],
    cluster: ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
  },
};
