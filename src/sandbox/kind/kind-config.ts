import { stringify } from "yaml";

/** Range of pod addresses, as kind's default has it. */
export const podRange = "10.244.0.0/16";

/** Range of service addresses, as kind's default has it. */
export const serviceRange = "10.96.0.0/16";

// One control plane has nobody to elect; waiting for a lease costs a new cluster several seconds.
const noElection = { name: "leader-elect", value: "false" };
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
  scheduler: { extraArgs: [noElection] },
};
// Labs install DNS themselves, see deploy-dns.ts.
const noDns = {
  apiVersion: "kubeadm.k8s.io/v1beta4",
  kind: "InitConfiguration",
  // As kind has it, and one more.
  skipPhases: ["preflight", "addon/coredns"],
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
  const tuning = (spec.tuned ?? true) ? [quickControl, noDns] : [];
  const patches = [...tuning, ...(spec.cgroupVersion === "1" ? [allowCgroup1] : [])];
  return stringify({
    kind: "Cluster",
    apiVersion: "kind.x-k8s.io/v1alpha4",
    networking: {
      ipFamily: "ipv4",
      apiServerAddress: "127.0.0.1",
      podSubnet: podRange,
      serviceSubnet: serviceRange,
    },
    kubeadmConfigPatches: patches.map((one) => stringify(one)),
    nodes: [node("control-plane"), ...Array.from({ length: spec.workers }, () => node("worker"))],
  });
}
