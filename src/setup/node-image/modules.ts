import { versions } from "../../images/versions.ts";

/** A wrapper module under manifests/node-image/go and the programs that are compiled from it. */
export interface GoModule {
  readonly name: string;
  readonly packages: readonly string[];
  /** File name of the only program, where Go would choose another. */
  readonly output?: string;
  readonly ldflags?: string;
  readonly tags?: string;
  /** Of a cold build on two cores, for the progress line. */
  readonly expectedSeconds: number;
}

const kubernetesVersionFlags = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"]
  .flatMap((pkg) => {
    const [, major, minor] = /^v(\d+)\.(\d+)\./.exec(versions.kubernetes) ?? [];
    return [`gitVersion=${versions.kubernetes}`, `gitMajor=${major}`, `gitMinor=${minor}`, "gitTreeState=clean"].map(
      (setting) => `-X ${pkg}.${setting}`,
    );
  })
  .join(" ");

const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubeadm",
  "kubectl",
];

/** Kubernetes itself: most of the time of a cold build. */
export const kubernetesModule: GoModule = {
  name: "kubernetes",
  packages: kubernetesPrograms.map((program) => `k8s.io/kubernetes/cmd/${program}`),
  // Without its version kubeadm refuses to work.
  ldflags: kubernetesVersionFlags,
  expectedSeconds: 420,
};

const containerdPrograms = ["containerd", "ctr", "containerd-shim-runc-v2"];
const cniPlugins = ["ipam/host-local", "main/loopback", "main/ptp", "meta/portmap"];

/** What a node needs beside Kubernetes. */
export const nodeModules: readonly GoModule[] = [
  {
    name: "containerd",
    packages: containerdPrograms.map((program) => `github.com/containerd/containerd/v2/cmd/${program}`),
    ldflags: `-X github.com/containerd/containerd/v2/version.Version=${versions.containerd}`,
    tags: "no_aufs no_zfs no_btrfs no_devmapper",
    expectedSeconds: 60,
  },
  {
    name: "cni",
    packages: cniPlugins.map((plugin) => `github.com/containernetworking/plugins/plugins/${plugin}`),
    expectedSeconds: 10,
  },
  { name: "etcd", packages: ["go.etcd.io/etcd/server/v3"], output: "etcd", expectedSeconds: 40 },
  { name: "coredns", packages: ["github.com/coredns/coredns"], expectedSeconds: 120 },
  { name: "local-path", packages: ["github.com/rancher/local-path-provisioner"], expectedSeconds: 60 },
  { name: "pause", packages: ["."], output: "pause", expectedSeconds: 5 },
];

/** The tool that makes clusters. */
export const kindModule: GoModule = {
  name: "kind",
  packages: ["sigs.k8s.io/kind"],
  output: "kind",
  expectedSeconds: 30,
};

/** The part of a module that decides what is compiled. */
export function compiledAs(module: GoModule): readonly unknown[] {
  return [module.name, module.packages, module.output, module.ldflags, module.tags];
}
