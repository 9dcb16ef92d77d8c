import { podRange, serviceRange } from "../../setup/address-range.ts";
import { stringify } from "yaml";

// One control plane has nobody to elect; waiting for a lease costs a new cluster several seconds.
const noElection = { name: "leader-elect", value: "false" };
/**
 * Rights of its own a scheduler gets a second after the API server is up. It asks before, is refused, and asks again after up to 3 s; until then
 * no pod of a new cluster has a node. These credentials need no such rights.
 */
const superAdmin = "/etc/kubernetes/super-admin.conf";
const quickControl = {
  apiVersion: "kubeadm.k8s.io/v1beta4",
  kind: "ClusterConfiguration",
  // kubeadm makes some sixteen keys one after the other; of RSA that takes well over a second.
  encryptionAlgorithm: "ECDSA-P256",
  controllerManager: {
    extraArgs: [
      // As kind has it: a patch replaces the whole list.
      { name: "enable-hostpath-provisioner", value: "true" },
      noElection,
      // Each of some forty controllers asks for an account and a token before any of them runs; at the default of 20 calls a second that takes 5 s.
      { name: "kube-api-qps", value: "500" },
      { name: "kube-api-burst", value: "1000" },
    ],
  },
  scheduler: {
    extraArgs: [noElection, { name: "kubeconfig", value: superAdmin }],
    extraVolumes: [
      { name: "super-admin", hostPath: superAdmin, mountPath: superAdmin, readOnly: true, pathType: "File" },
    ],
  },
};
/** Steps of kubeadm that a sandbox does without. Not bootstrap-token: it also lets the API server read logs and run commands in pods. */
const shortInit = {
  apiVersion: "kubeadm.k8s.io/v1beta4",
  kind: "InitConfiguration",
  skipPhases: [
    // As kind has it: a patch replaces the whole list.
    "preflight",
    // Labs install DNS themselves, see deploy-dns.ts.
    "addon/coredns",
    // Starts kubelet a second time, just when the first pods are due. It only moves kubelet's certificate to a file, to be renewed there; the
    // one it has is good for a year.
    "kubelet-finalize",
  ],
};
// kubelet refuses cgroup v1 unless told.
const allowCgroup1 = {
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  failCgroupV1: false,
};

/** What a kind configuration is made of. */
export interface KindSpec {
  readonly workers: number;
  readonly nodeImage: string;
  readonly cgroupVersion: "1" | "2";
  /** False: nodes and networks alone, and kind starts them as it always does. To compare with; labs need the rest. */
  readonly tuned?: boolean;
}

/** The kind configuration of a sandbox. */
export function kindConfig(spec: KindSpec): string {
  const node = (role: string) => ({ role, image: spec.nodeImage });
  const tuned = spec.tuned ?? true;
  const tuning = tuned ? [quickControl, shortInit] : [];
  const patches = [...tuning, ...(spec.cgroupVersion === "1" ? [allowCgroup1] : [])];
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    networking: {
      ipFamily: "ipv4",
      apiServerAddress: "127.0.0.1",
      podSubnet: podRange,
      serviceSubnet: serviceRange,
      // The nodes of our image have their pod network from their first start; kind would only wait for a program of its own.
      ...(tuned ? { disableDefaultCNI: true } : {}),
    },
    kubeadmConfigPatches: patches.map((one) => stringify(one)),
    nodes: [node("control-plane"), ...Array.from({ length: spec.workers }, () => node("worker"))],
  });
}
