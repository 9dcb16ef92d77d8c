import { join } from "node:path";
import { environmentError } from "../../lib/errors.ts";
import type { Runtime } from "../../runtime.ts";
import { versions } from "../../images/versions.ts";
import type { KindFiles } from "./kind-files.ts";

/** One image that a node brings along. */
export interface InnerImage {
  /** The name that pods ask for. */
  readonly ref: string;
  /** File name under manifests/node-image/images, without its ending. */
  readonly dockerfile: string;
  /** Programs in it, as "<module>/<program>". */
  readonly programs: readonly string[];
}

/** What kubeadm's images are made of, by the last part of their name. */
const kubeadmPrograms: Readonly<Record<string, { dockerfile: string; program: string }>> = {
  "kube-apiserver": { dockerfile: "program", program: "kubernetes/kube-apiserver" },
  "kube-controller-manager": { dockerfile: "program", program: "kubernetes/kube-controller-manager" },
  "kube-scheduler": { dockerfile: "program", program: "kubernetes/kube-scheduler" },
  "kube-proxy": { dockerfile: "kube-proxy", program: "kubernetes/kube-proxy" },
  etcd: { dockerfile: "program", program: "etcd/etcd" },
  coredns: { dockerfile: "coredns", program: "coredns/coredns" },
};

/** The images for what `kubeadm config images list` printed, plus those kind asks for. */
export function planInnerImages(kubeadmList: readonly string[], kind: KindFiles): InnerImage[] {
  const images: InnerImage[] = [];
  for (const ref of kubeadmList) {
    const name = ref.slice(ref.lastIndexOf("/") + 1).split(":")[0] ?? "";
    // kubeadm's own pause is not used: containerd's settings name another.
    if (name === "pause") continue;
    const source = kubeadmPrograms[name];
    if (source === undefined)
      throw environmentError(`kubeadm ${versions.kubernetes} asks for an image that the recipe does not know: ${ref}`);
    images.push({ ref, dockerfile: source.dockerfile, programs: [source.program] });
  }
  return [
    ...images,
    { ref: kind.pauseImage, dockerfile: "pause", programs: ["pause/pause"] },
    { ref: kind.storageImage, dockerfile: "program", programs: ["local-path/local-path-provisioner"] },
    { ref: kind.storageHelperImage, dockerfile: "local-path-helper", programs: [] },
  ];
}

/** Asks the kubeadm that was just built for the images it will want, under their exact names. */
export async function listKubeadmImages(rt: Runtime, kubernetesBin: string): Promise<string[]> {
  const kubeadm = join(kubernetesBin, "kubeadm");
  const { stdout } = await rt.exec([kubeadm, "config", "images", "list", "--kubernetes-version", versions.kubernetes]);
  return stdout.trim().split("\n");
}
